"""One BLAS thread: set before numpy is loaded. A page's matrices are small, so threads cost more than they bring, and workers share the cores."""

# ruff: noqa: E501 - tables and patterns read better in one line each

import os

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
