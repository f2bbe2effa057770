"""Simulations as files: each says that it is a simulation, of which archive, and the hashes it rests on."""
