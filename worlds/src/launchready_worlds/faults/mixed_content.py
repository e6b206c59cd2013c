"""What pages under https ask for over plain http, in all the places where it can stand."""

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

from launchready_worlds.addresses import APEX, APP
from launchready_worlds.faults import decoy, fault
from launchready_worlds.scene import Scene
from launchready_worlds.subjects import HOST_APEX, HOST_APP
from launchready_worlds.wrapping import answer, at, html, response_headers

STYLE_PATH, BASE_PATH, SCRIPT_PATH = "/extra.css", "/base.css", "/widget.js"
IMAGE = "http://images.calendar.example/maya.jpg"


def _in_head(scene: Scene, text: str, host: str = APEX) -> None:
    scene.wrap(host, html(lambda page: page.replace("</head>", f"{text}</head>")))


def _serve(scene: Scene, path: str, text: str, media_type: str, host: str = APEX) -> None:
    headers = {"cache-control": "no-cache"}
    scene.wrap(host, answer(lambda: Response(text, media_type=media_type, headers=headers), at(path)))


@fault(
    {"mixed-content": (HOST_APEX,)},
)
def font_over_http_in_an_imported_style(scene: Scene) -> None:
    """A style sheet imports another one, which loads the brand's font over plain http: headlines fall back."""
    _in_head(scene, f'<link rel="stylesheet" href="{STYLE_PATH}">')
    _serve(scene, STYLE_PATH, f'@import "{BASE_PATH}";', "text/css")
    font = '@font-face { font-family: Brand; src: url("http://fonts.calendar.example/brand.woff2") }'
    _serve(scene, BASE_PATH, font, "text/css")


@fault(
    {"mixed-content": (HOST_APEX,)},
)
def image_over_http(scene: Scene) -> None:
    """The coach's picture is loaded over plain http; the landing page's background, in an attribute, too."""
    picture = f'<img src="{IMAGE}" alt="Maya"><p style="background: url({IMAGE})">Welcome</p></body>'
    scene.wrap(APEX, html(lambda page: page.replace("</body>", picture)))


@fault(
    {"mixed-content": (HOST_APP,)},
)
def login_posts_over_http(scene: Scene) -> None:
    """Only the log-in page, not the front page, sends what is typed over plain http."""
    plain = f'action="http://{APP}/login"'
    scene.wrap(APP, html(lambda page: page.replace('action="/login"', plain), at("/login")))


@fault(
    {"script-calls-plain-http": (HOST_APP,)},
)
def chat_socket_open(scene: Scene) -> None:
    """The chat's script opens a web socket without TLS, as on the developer's machine."""
    _in_head(scene, f'<script src="{SCRIPT_PATH}" defer></script>', APP)
    _serve(scene, SCRIPT_PATH, f'const socket = new WebSocket("ws://{APP}/live");', "text/javascript", APP)


@decoy(
    {"mixed-content": (HOST_APEX,)},
)
def http_upgraded_by_policy(scene: Scene) -> None:
    """An old page names its scripts with http, and its policy has browsers ask for them over https, where they are."""

    def edit(headers: MutableHeaders) -> None:
        headers["content-security-policy"] += "; upgrade-insecure-requests"

    scene.wrap(APEX, html(lambda page: page.replace('src="/static/', f'src="http://{APEX}/static/')))
    scene.wrap(APEX, response_headers(edit, media_type="text/html"))


@decoy(
    {"mixed-content": (HOST_APEX,), "script-calls-plain-http": (HOST_APEX,)},
)
def http_only_in_names(scene: Scene) -> None:
    """Namespaces, comments, data for search engines, a noscript pixel and a developer's branch name http addresses."""
    script = (
        "// fetch('http://api.calendar.example/')\n"
        "const ns = 'http://www.w3.org/2000/svg'; const local = () => new WebSocket('ws://localhost:3000/live');"
    )
    _in_head(scene, f'<script src="{SCRIPT_PATH}" defer></script><link rel="stylesheet" href="{STYLE_PATH}">')
    _serve(scene, SCRIPT_PATH, script, "text/javascript")
    _serve(scene, STYLE_PATH, f"@namespace 'http://www.w3.org/1999/xhtml'; /* url({IMAGE}) */", "text/css")
    data = '<script type="application/ld+json">{"@context": "http://schema.org", "@type": "Person"}</script>'
    _in_head(scene, f'{data}<noscript><img src="{IMAGE}"></noscript>')
