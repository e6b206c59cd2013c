"""An AI chatbot for a coaching business."""
