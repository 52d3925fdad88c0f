package mip

import "context"

// Reconciler is a payment from a balance that somebody else keeps, such as
// the supplier.
type Reconciler interface {
	// Reserved is the sum of the open reservations, nought if there are none.
	Reserved(ctx context.Context) (Money, error)
	// Reconcile reads the balance and says what of its change since the last
	// reading nothing of ours explains. The reading is kept where all
	// processes see it, so that each difference is reported once, also one
	// that came while no program ran.
	Reconcile(ctx context.Context) (Statement, error)
}

// Drift says in which direction a balance moved without us.
type Drift string

const (
	DriftNone Drift = ""
	// DriftCredit: there is more than our purchases leave. Somebody topped
	// the balance up, or the supplier refunded.
	DriftCredit Drift = "credit"
	// DriftDebit: there is less. Somebody spent from the balance elsewhere,
	// or the supplier charged for something else.
	DriftDebit Drift = "debit"
)

// Statement is how a balance came from one reading to the next.
type Statement struct {
	Previous Balance // zero value: there was none
	Reading  Balance
	Debited  Money // our purchases that Reading shows for certain and Previous did not
	// Open is what may be in Reading or not: reservations whose purchase is
	// under way or unknown, and purchases that settled a moment before.
	Open Money
	// Least and Most bound what our purchases do not explain, and no earlier
	// statement reported. Above nought money came, below nought it went. They
	// are equal if nothing is open.
	Least, Most Money
	// Unexplained is what of it is certain: nought if the bounds include
	// nought, else the one nearer to it. What stays open is reported by a
	// later statement, so that all statements together are exact.
	Unexplained Money
	Drift       Drift
}
