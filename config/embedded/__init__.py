"""A real PostgreSQL and a real Valkey for one checkout, on private Unix sockets under `.run/`.

For developers' machines and tests only; production names its own servers in DATABASE_URL and REDIS_URL.
Nothing here imports Django or the settings: it runs before they can be read. Nothing outside `.run/` is
changed, save a private directory under the system's temporary one when the checkout's path is too long
for a socket (it is recorded in `.run/` and removed again).
"""
