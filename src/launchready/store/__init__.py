"""What is kept between runs: files in `.launchready/` that are only appended to. It knows nothing of what it keeps."""
