# Readyby in server mode: one image for web, worker, beat and guardian. `compose.yaml` shows them together.
FROM python:3.13-slim AS installed
COPY requirements.txt /build/
# Wheels with known hashes only: nothing is compiled, so no compiler is needed here either.
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /build/requirements.txt

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    READYBY_DATA_DIR=/var/lib/readyby \
    READYBY_STATIC_DIR=/srv/readyby-static \
    READYBY_BROKER_URL=redis://redis:6379/0 \
    READYBY_BIND=0.0.0.0:8000
# The data folder is a volume that outlives the image; the pages' files go with the image, so they are elsewhere.
RUN useradd --system --uid 10001 --home-dir /var/lib/readyby --create-home readyby \
    && install -d -o readyby /srv/readyby-static
COPY --from=installed /opt/venv /opt/venv
WORKDIR /opt/readyby
COPY LICENSE manage.py ./
COPY config config
COPY onboarding onboarding
COPY charging charging
COPY templates templates
COPY static static
USER readyby
# Neither is used: they only let the settings be read while the static files are collected.
RUN READYBY_SECRET_KEY=build DATABASE_URL=postgres://nobody@nowhere/nothing python manage.py collectstatic --no-input
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "-c", "config/deploy/gunicorn.conf.py", "config.wsgi"]
