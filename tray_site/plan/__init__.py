"""Which files the site has, and what each is printed from.

A file is planned in the parent process and printed from its plan alone: what is not in the plan or in the shared
catalogue cannot come into it, so the plan's key says whether it must be printed anew.
"""
