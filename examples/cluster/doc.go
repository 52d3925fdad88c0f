// Command cluster lets two processes work on one PostgreSQL database. One of
// them is killed in the middle of its work and never comes back; the other one
// takes over. A shop and a BigBuy run on loopback, so no account is needed, only
// a database in DATABASE_URL. See its README.
package main
