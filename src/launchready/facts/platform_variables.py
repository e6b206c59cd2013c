"""Variables that machines, platforms and tools set by themselves, so that no owner has to."""

import re
from typing import Final

SET_BY_MACHINES: Final = frozenset(
    {"PATH", "HOME", "USER", "USERNAME", "LOGNAME", "SHELL", "PWD", "OLDPWD", "HOSTNAME", "LANG", "LANGUAGE", "TZ"}
    | {"TERM", "COLORTERM", "COLUMNS", "LINES", "EDITOR", "VISUAL", "PAGER", "TMPDIR", "TMP", "TEMP", "DISPLAY"}
    | {"APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "USERPROFILE", "SYSTEMROOT", "COMSPEC", "PATHEXT", "OS"}
    | {"VIRTUAL_ENV", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "SOURCE_DATE_EPOCH", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"}
)
"""By POSIX (XBD chapter 8), Windows, and tools that follow no-color.org and reproducible-builds.org."""

SET_BY_PLATFORMS: Final = frozenset(
    {"PORT", "CI", "NODE_ENV", "VERCEL", "NETLIFY", "RENDER", "DYNO", "CONTEXT", "DEPLOY_URL", "DEPLOY_PRIME_URL"}
    | {
        "COMMIT_REF",
        "CF_PAGES",
        "K_SERVICE",
        "K_REVISION",
        "K_CONFIGURATION",
        "GAE_ENV",
        "GAE_SERVICE",
        "FUNCTION_TARGET",
    }
    | {"ANALYZE", "BUNDLE_ANALYZE", "TURBOPACK", "VITEST", "JEST_WORKER_ID", "NEXT_RUNTIME", "NEXT_PHASE"}
    | {"WEB_CONCURRENCY", "GITHUB_ACTIONS", "GITPOD_WORKSPACE_URL", "CODESPACES", "CODESPACE_NAME"}
)
"""By the hosts' own lists of system variables, and by the tools that build and test."""

_PREFIXES: Final = re.compile(
    r"(?:LC|XDG|PYTHON|PYTEST|NPM|NODE|YARN|PNPM|DENO|BUN|VERCEL|NEXT_PUBLIC_VERCEL|NETLIFY|RENDER|RAILWAY|FLY|HEROKU"
    r"|GITHUB|GITLAB|CI|CF_PAGES|AWS_LAMBDA|AWS_EXECUTION|KUBERNETES|WEBSITE|COOLIFY|DOKKU|__NEXT|TURBO)_[A-Za-z0-9_]*",
    re.IGNORECASE,
)


def is_set_by_platform(name: str) -> bool:
    """Whether some machine, platform or tool sets a variable of this name by itself."""
    return name.upper() in SET_BY_MACHINES | SET_BY_PLATFORMS or _PREFIXES.fullmatch(name) is not None
