package main

var embeddedRows = []row{}
