from tests import servers  # isort: skip  (first: it sets the environment that the settings read)

import django

from tests import scheduling

django.setup()


def pytest_configure(config):
    config.pluginmanager.register(servers, "servers")
    config.pluginmanager.register(scheduling, "scheduling")
