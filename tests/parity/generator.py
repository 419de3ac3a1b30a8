"""A linear congruential generator: the same numbers with every version of every library."""


class Generator:
    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53

    def bell(self):
        return sum(self.uniform() for _ in range(12)) - 6
