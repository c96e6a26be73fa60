"""Settings for all tests."""

from hypothesis import settings

# A deadline would assert timing, and fail on a busy machine; time is measured in tests/bench only.
settings.register_profile("mseclf", deadline=None)
settings.load_profile("mseclf")
