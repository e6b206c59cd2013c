"""How often somebody may try a password."""


def _wrong_logins(world, count, tag="a"):
    return [world.log_in(tag, "wrong password 123").status for _ in range(count)]


LOOKS = {
    "login-throttle-off": lambda w: set(_wrong_logins(w, 8)) == {401},
    "login-throttle-locks-neighbours": lambda w: _wrong_logins(w, 4)[-1] == _wrong_logins(w, 1, "b")[0] == 429,
    "login-throttle-patient": lambda w: _wrong_logins(w, 11)[-2:] == [401, 429],
}
