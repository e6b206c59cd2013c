"""Every place where builds and work leave something: how a key gets there."""

import base64
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from secret_repository import line, write


def _tar(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _zip(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _map(s: str) -> str:
    return json.dumps(
        {"version": 3, "sources": ["src/pay.ts"], "sourcesContent": [f"// pay\n\tconst k =\n'{s}'\n"], "mappings": ""}
    )


def _bundle(root: Path, s: str) -> None:
    write(
        root,
        "dist/assets/index-4f3a.js",
        "(()=>{" + "var a=1;" * 3000 + f'fetch("/x",{{headers:{{a:"{s}"}}}})' + "})()",
    )


def _source_map(root: Path, s: str) -> None:
    write(root, "dist/assets/index-4f3a.js.map", _map(s))


def _inline_map(root: Path, s: str) -> None:
    packed = base64.b64encode(_map(s).encode()).decode()
    write(root, "dist/inline.js", f"var a=1;\n//# sourceMappingURL=data:application/json;base64,{packed}\n")


def _wheel(root: Path, s: str) -> None:
    write(root, "dist/app-1.0-py3-none-any.whl", _zip({"app/settings.py": line(s)}))


def _gz(root: Path, s: str) -> None:
    write(root, "dist/app.js.gz", gzip.compress(line(s).encode()))


def _layers(root: Path, s: str) -> None:
    layer = gzip.compress(_tar({"app/.env": f"STRIPE={s}\n".encode(), "app/main.py": b"x = 1\n"}))
    write(root, "image/blobs/sha256/3fa1", layer)


def _saved_image(root: Path, s: str) -> None:
    layer = _tar({"app/key": s.encode()})
    write(root, "app-image.tar", _tar({"manifest.json": b"[]", "aa/layer.tar": layer}))


def _sqlite(root: Path, s: str) -> None:
    write(root, "dist/.keep", "")
    base = sqlite3.connect(root / "dist/app.db")
    base.execute("CREATE TABLE settings (name TEXT, value TEXT)")
    base.execute("INSERT INTO settings VALUES ('note', ?)", ("x" * 5000 + f" {s} " + "y" * 5000,))
    base.commit()
    base.close()


def _notebook(root: Path, s: str) -> None:
    cell = {"cell_type": "code", "source": ["import stripe\n", f"stripe.api_key = '{s}'\n"], "outputs": []}
    write(root, "analysis.ipynb", json.dumps({"cells": [cell], "nbformat": 4}))


def _split(root: Path, s: str) -> None:
    write(root, "dist/split.js", f'const k = "{s[:9]}" + "{s[9:24]}" +\n  "{s[24:]}";\n')


def _escaped(root: Path, s: str) -> None:
    write(root, "dist/escaped.js", 'const k = "' + "".join(f"\\x{ord(c):02x}" for c in s) + '";\n')


def _base64_twice(root: Path, s: str) -> None:
    text = base64.b64encode(base64.b64encode(f"key={s}".encode())).decode()
    write(root, "dist/secret.yaml", f"data:\n  key: {text}\n")


def _standalone_env(root: Path, s: str) -> None:
    write(root, ".next/standalone/.env", f"STRIPE_SECRET_KEY={s}\n")


def _lock_file(root: Path, s: str) -> None:
    write(root, "dist/package-lock.json", json.dumps({"resolved": f"https://maya:{s}@npm.brightpath.io/a.tgz"}))


def _svg(root: Path, s: str) -> None:
    write(root, "dist/logo.svg", f"<svg xmlns='http://www.w3.org/2000/svg'><!-- {s} --><path d='M0 0'/></svg>")


def _node_modules(root: Path, s: str) -> None:
    write(root, "node_modules/.cache/babel/1.json", json.dumps({"code": f"a='{s}'"}))


def _untracked(root: Path, s: str) -> None:
    write(root, "scratch.py", line(s))


def _local_env(root: Path, s: str) -> None:
    write(root, ".env", f"STRIPE_SECRET_KEY={s}\n")


def _wrapped_base64(root: Path, s: str) -> None:
    text = base64.encodebytes(("settings of the app, all of them, for every place\n" * 3 + line(s)).encode()).decode()
    write(root, "dist/mail.eml", f"Content-Transfer-Encoding: base64\n\n{text}")


def _html_escaped(root: Path, s: str) -> None:
    write(root, "dist/index.html", "<script data-k='" + "".join(f"&#{ord(c)};" for c in s) + "'></script>")


BUILDS: dict[str, Callable[[Path, str], None]] = {
    one.__name__.lstrip("_").replace("_", " "): one
    for one in (
        *(_bundle, _source_map, _inline_map, _wheel, _gz, _layers, _saved_image, _sqlite, _notebook, _split, _escaped),
        *(_base64_twice, _standalone_env, _lock_file, _svg, _node_modules, _untracked, _local_env, _wrapped_base64),
        _html_escaped,
    )
}
