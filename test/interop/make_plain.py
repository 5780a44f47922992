"""Values as JSON has them."""
import numpy as np


def plain(value):
    """Integers that JavaScript's numbers do not hold are text."""
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value] if value.ndim else plain(value[()])
    if isinstance(value, np.void):
        return {name: plain(value[name]) for name in value.dtype.names}
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, (np.integer, int)):
        return int(value) if abs(int(value)) < 2**53 else str(value)
    if isinstance(value, (np.floating, float)):
        return float(value) if np.isfinite(value) else str(value)
    return value
