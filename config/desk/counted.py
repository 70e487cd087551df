class Counted:
    """Something on the desk with a `count`, which is shown with its thousands apart: 3,426."""

    count: int

    @property
    def shown(self) -> str:
        return f"{self.count:,}"
