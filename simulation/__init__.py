"""A seeded city whose office files look like the real ones, with the planted truth beside them."""
