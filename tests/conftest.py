from tests import servers  # first: it sets the environment that the settings read


def pytest_configure(config):
    config.pluginmanager.register(servers, "servers")
