"""How often something may be tried or asked: counters in the cache, one for all processes that share it (REDIS_URL)."""

import logging
import time
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bound:
    """At most `most` in each window of `seconds`, counted apart for each key: an address, a name, a person.

    Without the cache's server nothing is bounded here, and the log says so: nobody is kept out because Redis is away.
    What `django-axes` locks is in the database and stays locked.
    """

    name: str
    most: int
    seconds: int

    def wait(self, key: object) -> int:
        """Seconds until the window ends, where `most` were counted in it; else 0."""
        try:
            counted = cache.get(self._counter(key), 0)
        except RedisError as away:
            return _unbounded(away)
        return self._rest() if counted >= self.most else 0

    def count(self, key: object) -> int:
        """Count one more; seconds until the window ends where it is one too many, else 0."""
        counter = self._counter(key)
        try:
            cache.add(counter, 0, timeout=self.seconds)
            counted = cache.incr(counter)
        except RedisError as away:
            return _unbounded(away)
        except ValueError:  # the window ended between the two
            return 0
        return self._rest() if counted > self.most else 0

    def _counter(self, key: object) -> str:
        # A digest, because a name typed into the wrong field may be a password.
        digest = sha256(str(key).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.name}:{digest}:{int(time.time()) // self.seconds}"

    def _rest(self) -> int:
        return self.seconds - int(time.time()) % self.seconds


def _unbounded(away: RedisError) -> int:
    log.warning("The counters of requests cannot be reached, nothing is bounded: %s", away)
    return 0


# Wrong passwords; django-axes locks one name for one address long before.
FROM_ONE_ADDRESS = Bound("wrong-passwords-from", most=100, seconds=900)
FOR_ONE_NAME = Bound("wrong-passwords-for", most=50, seconds=900)
OF_ONE_PERSON = Bound("own-password", most=8, seconds=900)
# Requests to the API.
BY_ONE_PERSON = Bound("requests-by", most=600, seconds=60)
WITHOUT_LOG_IN = Bound("requests-from", most=60, seconds=60)
SCORING = Bound("scorings-by", most=60, seconds=60)
