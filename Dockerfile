# One image for web, worker, beat and migrations: docker-compose.yml says which it is.
FROM python:3.11-slim

ENV MODE=production \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /tmp zoufang \
    && install -d -o zoufang -g zoufang -m 0700 /var/lib/zoufang /var/lib/zoufang/checkpoints

WORKDIR /app
COPY requirements-production.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
    --require-hashes -r requirements-production.lock

COPY . .
# Static files need no secrets; the settings do, so these words stand in for them and stay behind.
RUN SECRET_KEY=build INDEX_KEY=build DATA_KEYS=k1=build AUDIT_KEY=build AUDIT_SIGNING_KEY=build \
    AUDIT_CHECKPOINTS=build ALLOWED_HOSTS=build \
    DATABASE_URL=postgres://build@build/build REDIS_URL=redis://build \
    python manage.py collectstatic --no-input

USER zoufang
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--graceful-timeout", "20", "--no-control-socket"]
