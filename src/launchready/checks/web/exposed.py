"""Whether the web server gives away what was never meant to be seen."""

from typing import Final

from launchready.facts.exposure import ExposedFiles, FoundFile, SourceMaps
from launchready.model.check import Cost, Fail, Fix, Fixer, Impact, Judgement, NotApplicable, Pass, check
from launchready.model.reading import Measured
from launchready.model.subject import Host
from launchready.parse.exposed_files import FileKind

SECRET_KINDS: Final = (
    FileKind.SETTINGS,
    FileKind.GIT,
    FileKind.DATABASE,
    FileKind.DUMP,
    FileKind.ARCHIVE,
    FileKind.PRIVATE_KEY,
    FileKind.CREDENTIALS,
)
WSTG: Final = (
    "https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/"
    "02-Configuration_and_Deployment_Management_Testing"
)

HIDE: Final = """nginx:   location ~ /\\.(?!well-known/) { return 404; }
         location ~ \\.(?:sql|sqlite3?|zip|gz|bak)$ { return 404; }
Apache:  RedirectMatch 404 "/\\.(?!well-known/)|\\.(sql|sqlite3?|zip|gz|bak)$\""""


@check(
    "secret-file-exposed",
    impact=Impact.BLOCKER,
    customer_sees="Nothing, until their data is for sale.",
    costs=(Cost.REFUNDS, Cost.TICKETS),
    fixer=Fixer.ENGINEER,
    minutes=60,
    sources=(
        f"{WSTG}/04-Review_Old_Backup_and_Unreferenced_Files_for_Sensitive_Information",
        "https://owasp.org/Top10/A05_2021-Security_Misconfiguration/",
    ),
)
def secret_file_exposed(host: Host, files: ExposedFiles) -> Judgement:
    """No file with secrets, code or customers' data can be fetched by anybody.

    ## Why it matters at launch
    Programs ask every new site for these files within hours of its first certificate. With the settings they have your
    mail account, your model key and your database.

    ## How to fix
    Take the file away, publish only the folder that is meant for visitors, and let the server refuse such names. Then
    replace every key and password that was in it: somebody may have them already.
    """
    found = files.of(*SECRET_KINDS)
    if not found:
        return Pass()
    return Fail(tuple(map(_words, found)), Fix(f"Remove it from {host.name}, and replace every secret in it", HIDE))


@check(
    "directory-listing",
    impact=Impact.MINOR,
    customer_sees="A bare list of files, some of them other people's.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=("https://cwe.mitre.org/data/definitions/548.html",),
)
def directory_listing(host: Host, files: ExposedFiles) -> Judgement:
    """Nobody can read the names of the files on the server.

    ## Why it matters at launch
    A list of a folder shows what is in it: uploads of customers, old versions, backups. The names are all one needs to
    fetch them.

    ## How to fix
    Switch lists of folders off, and leave `.DS_Store` files out of what is published.
    """
    found = files.of(FileKind.LISTING, FileKind.FOLDER_FILE)
    if not found:
        return Pass()
    paste = "nginx:   autoindex off;\nApache:  Options -Indexes\nfind . -name .DS_Store -delete"
    return Fail(tuple(map(_words, found)), Fix(f"Switch lists of folders off on {host.name}", paste))


@check(
    "api-docs-exposed",
    impact=Impact.NOTE,
    customer_sees="Nothing; whoever looks for a weak spot sees every endpoint.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=10,
    sources=("https://owasp.org/API-Security/editions/2023/en/0xa9-improper-inventory-management/",),
)
def api_docs_exposed(host: Host, files: ExposedFiles) -> Judgement:
    """The list of all endpoints is shown only where that is wanted.

    ## Why it matters at launch
    Frameworks such as FastAPI publish it by themselves. That is right for an API that you sell, and an invitation where
    it lists what only your own pages should call.

    ## How to fix
    Switch it off in production, or leave it when others are meant to build on your API.
    """
    found = files.of(FileKind.API_DOCS)
    if not found:
        return Pass()
    paste = "FastAPI: FastAPI(docs_url=None, redoc_url=None, openapi_url=None)"
    return Fail(tuple(map(_words, found)), Fix(f"Decide whether {host.name} should show this", paste))


@check(
    "source-map-exposed",
    impact=Impact.MINOR,
    customer_sees="Nothing; whoever looks reads your code with its comments.",
    costs=(Cost.TICKETS,),
    fixer=Fixer.ENGINEER,
    minutes=15,
    sources=("https://tc39.es/ecma426/", "https://cwe.mitre.org/data/definitions/540.html"),
)
def source_map_exposed(host: Host, maps: SourceMaps) -> Judgement:
    """The source code of the page's scripts is not published beside them.

    ## Why it matters at launch
    A source map turns a packed script back into your files, with their names, comments, and whatever was left in them.

    ## How to fix
    Build without maps for production, or upload them to your error tracker only and delete them before publishing.
    """
    seen = [reading.value for reading in maps.maps if isinstance(reading, Measured)]
    if not maps.maps:
        return NotApplicable(f"the front page of {host.name} loads no script of its own")
    found = tuple(
        f"{one.url}: {'the source code itself' if one.has_sources else 'the names of the source files'}"
        for one in seen
        if one.is_there
    )
    if not found:
        return Pass()
    paste = (
        "Vite:     build: { sourcemap: false }   (or 'hidden', and delete *.map)\n"
        "Next.js:  productionBrowserSourceMaps: false"
    )
    return Fail(found, Fix("Publish the scripts without their maps", paste))


def _words(file: FoundFile) -> str:
    size = "" if file.size_bytes is None else f", {file.size_bytes} bytes"
    return f"{file.url} is {file.kind.value}{size}"
