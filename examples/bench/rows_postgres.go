package main

var postgresRows = []row{}
