package rest

import "net/http"

// Basic authenticates by user and password (RFC 7617).
func Basic(user string, password Secret) func(*http.Request) error {
	return func(r *http.Request) error {
		r.SetBasicAuth(user, password.Reveal())
		return nil
	}
}

// Bearer authenticates by a key that does not expire. For tokens that do, see
// [Tokens].
func Bearer(key Secret) func(*http.Request) error {
	return Key("Authorization", NewSecret("Bearer "+key.Reveal()))
}

// Key authenticates by a header of the vendor's own.
func Key(header string, key Secret) func(*http.Request) error {
	return func(r *http.Request) error {
		r.Header.Set(header, key.Reveal())
		return nil
	}
}
