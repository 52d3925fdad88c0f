package paypal

import (
	"errors"
	"net/http"
	"slices"

	"github.com/openmip/openmip/mip"
)

// Class says what to do about a failure. ISSUES.md lists the class of every
// issue that PayPal's API descriptions name.
type Class string

const (
	// ClassRetry: repeat with the same request id, later; if that does not
	// help, look.
	ClassRetry Class = "retry"
	// ClassReread: likely done already. Read the resource and compare; never
	// begin another payment.
	ClassReread Class = "re-read"
	// ClassPayer: the payer must act, at the order's approval link.
	ClassPayer Class = "payer"
	// ClassConsent: the saved consent is gone. Stop using it and ask the
	// payer to link the account again.
	ClassConsent Class = "consent"
	// ClassRefused: no, for good. No automatic repetition.
	ClassRefused Class = "refused"
	// ClassSetup: credentials, permissions or the account's settings are
	// wrong. Stop the method until a person has acted.
	ClassSetup Class = "setup"
	// ClassInvalid: the request is wrong, which is a mistake of the program.
	ClassInvalid Class = "invalid"
	// ClassUnknown: PayPal gave a reason that this version does not know.
	// Nothing automatic; a person decides.
	ClassUnknown Class = "unknown"
)

// classKinds are the kinds of refusals, see [special] for exceptions.
var classKinds = map[Class]error{
	ClassReread:  mip.ErrConflict,
	ClassPayer:   mip.ErrPending,
	ClassConsent: mip.ErrUnauthorized,
	ClassRefused: mip.ErrRefused,
	ClassSetup:   mip.ErrUnauthorized,
	ClassInvalid: mip.ErrInvalid,
}

// special are the issues whose kind is not that of their class.
var special = map[string]error{
	"PAYER_CANNOT_PAY":                 mip.ErrUnfunded,
	"REFUND_FAILED_INSUFFICIENT_FUNDS": mip.ErrUnfunded,
}

// Class reads the status and the issues. The first issue that is known
// decides, except that one of [ClassReread] goes before all others: it is the
// one that protects from paying twice.
func (e *Error) Class() Class {
	if c := classOfStatus(e.Status); c != "" {
		return c
	}
	var known []Class
	for _, i := range e.Issues {
		if c, ok := classes[i.Name]; ok {
			known = append(known, c)
		}
	}
	switch {
	case slices.Contains(known, ClassReread):
		return ClassReread
	case len(known) > 0:
		return known[0]
	case len(e.Issues) > 0 && e.Status != http.StatusBadRequest && e.Status != http.StatusUnauthorized:
		return ClassUnknown
	}
	return classOfName(e.Status, e.Name)
}

// classOfStatus is for what no issue changes: the server failed, or did not
// look at the request.
func classOfStatus(status int) Class {
	switch {
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return ClassRetry
	}
	return ""
}

// classOfName is for answers without an issue: proxies, OAuth.
func classOfName(status int, name string) Class {
	if c, ok := classes[name]; ok {
		return c
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ClassSetup
	case http.StatusNotFound, http.StatusGone:
		return ClassRefused
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable,
		http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return ClassInvalid
	}
	return ClassUnknown
}

// ClassOf returns the class of any error of a [Client]; "" for nil. A write
// whose outcome is unknown is [ClassRetry], whatever the last try said.
func ClassOf(err error) Class {
	kind := mip.KindOf(err)
	if said, ok := errors.AsType[*Error](err); ok && kind != mip.ErrUnknown {
		return said.Class()
	}
	switch kind {
	case nil:
		return ""
	case mip.ErrUnknown, mip.ErrThrottled, mip.ErrUnavailable:
		return ClassRetry
	case mip.ErrUnauthorized:
		return ClassSetup
	case mip.ErrInvalid:
		return ClassInvalid
	}
	return ClassUnknown
}
