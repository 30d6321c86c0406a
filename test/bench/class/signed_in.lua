-- The same page as a person who has signed in.
wrk.headers["Cookie"] = os.getenv("COOKIE")
