"""The letters to the tenderers of a decided lot, made of its decision, the sheet it rests on and the record alone."""
