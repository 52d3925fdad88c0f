// Command server is OpenMIP as a daemon: a JSON file names the shops, the
// BigBuy account, the ways to pay and the store; it runs them until it is told
// to stop, and shows how it does on one HTTP address. README.md has the
// reference.
//
//	server -config server.json          runs
//	server -config server.json -check   says what is wrong with the file
//	server -version
//
// It ends with 0 after SIGTERM or SIGINT, 1 if it could not start or broke, 2
// if the command line or the file is wrong, 3 if what was under way did not end
// in time, which loses nothing.
//
// Read it from main.go; assemble.go is what any embedder writes.
package main
