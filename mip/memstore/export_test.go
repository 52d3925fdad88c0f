package memstore

// Clone is for the test that no field is forgotten.
var Clone = clone
