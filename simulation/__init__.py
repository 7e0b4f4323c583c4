"""A seeded city whose office files look like the real ones, with the planted truth beside them."""

from simulation.canaries import Canary
from simulation.run import simulate
from simulation.summary import SimulationSummary

__all__ = ["Canary", "SimulationSummary", "simulate"]
