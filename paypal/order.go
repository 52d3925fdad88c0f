package paypal

import (
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// Intent says what approving an order allows.
type Intent string

const (
	IntentCapture   Intent = "CAPTURE"   // taking the money at once
	IntentAuthorize Intent = "AUTHORIZE" // setting it aside; honoured 3 days, valid 29
)

// OrderRequest is an order at PayPal. It has a way to pay: exactly one of
// Approval and Vaulted.
type OrderRequest struct {
	Intent Intent // empty = IntentCapture
	Units  []Unit // 1 to 10, of one currency; with Vaulted exactly 1
	// Approval lets a person pay at PayPal. Nothing is charged before.
	Approval *Approval
	// Vaulted charges a saved wallet at once, without a person.
	Vaulted *Vaulted
}

// Unit is one payment of an order.
type Unit struct {
	Amount      mip.Money
	ReferenceID string // PayPal: 256 characters; required and distinct if there are several units
	// CustomID comes back in answers, reports and webhooks. PayPal: 127
	// characters.
	CustomID string
	// InvoiceID is seen by the payer as well. PayPal: 127 characters; an
	// account may be set to refuse one that was paid already.
	InvoiceID      string
	Description    string // PayPal: 127 characters
	SoftDescriptor string // on the payer's statement; PayPal: 22 characters
	Payee          string // merchant id of the receiver; empty = the caller
}

// Approval is the page on which a person pays.
type Approval struct {
	ReturnURL string // the browser comes back with ?token=<order id>: only a hint, read the order
	CancelURL string
	BrandName string // PayPal: 127 characters; empty = the account's
	Locale    string // "es-ES"; empty = PayPal chooses
	// AllowPending takes funding that is paid out days later (eChecks) as
	// well. Without it such funding is not offered.
	AllowPending bool
}

// Vaulted is a saved wallet that the merchant charges without the payer.
type Vaulted struct {
	ID string // [PaymentToken].ID
	// Pattern is what the payer agreed to; empty = [PatternImmediate].
	Pattern Pattern
}

// Pattern is when saved wallets are charged (usage_pattern).
type Pattern string

// PatternImmediate: paid in advance, whenever something is bought.
const PatternImmediate Pattern = "IMMEDIATE"

// OrderStatus is where an order stands. An order that is completed is not
// always paid: see [CaptureStatus].
type OrderStatus string

const (
	OrderCreated     OrderStatus = "CREATED"
	OrderSaved       OrderStatus = "SAVED"
	OrderApproved    OrderStatus = "APPROVED" // to be captured within 3 hours
	OrderVoided      OrderStatus = "VOIDED"
	OrderCompleted   OrderStatus = "COMPLETED"
	OrderPayerAction OrderStatus = "PAYER_ACTION_REQUIRED"
)

// Order is an order as PayPal has it, without what is personal.
type Order struct {
	ID     string
	Status OrderStatus
	Intent Intent
	// ApproveURL is where a person pays; empty once there is nothing to
	// approve. Show it to the payer's side only.
	ApproveURL string
	Units      []OrderUnit // none in a short answer, see [Minimal]
	// VaultID is the saved wallet that paid, if one did or was saved.
	VaultID   string
	CreatedAt time.Time // UTC; zero = not said
	UpdatedAt time.Time // UTC; zero = not said
}

// OrderUnit is one payment of an [Order].
type OrderUnit struct {
	ReferenceID    string
	CustomID       string
	InvoiceID      string
	Amount         mip.Money
	Payee          string // merchant id
	Captures       []Capture
	Authorizations []Authorization
	Refunds        []Refund
}

// Captures returns the captures of all units.
func (o Order) Captures() []Capture {
	var out []Capture
	for _, u := range o.Units {
		out = append(out, u.Captures...)
	}
	return out
}

// link is a HATEOAS link.
type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

func linked(links []link, rels ...string) string {
	for _, rel := range rels {
		for _, l := range links {
			if l.Rel == rel {
				return l.Href
			}
		}
	}
	return ""
}

type orderAnswer struct {
	ID            string      `json:"id"`
	Status        OrderStatus `json:"status"`
	Intent        Intent      `json:"intent"`
	Links         []link      `json:"links"`
	Created       stamp       `json:"create_time"`
	Updated       stamp       `json:"update_time"`
	PurchaseUnits []struct {
		ReferenceID string `json:"reference_id"`
		CustomID    string `json:"custom_id"`
		InvoiceID   string `json:"invoice_id"`
		Amount      money  `json:"amount"`
		Payee       struct {
			MerchantID string `json:"merchant_id"`
		} `json:"payee"`
		Payments struct {
			Captures       []captureAnswer       `json:"captures"`
			Authorizations []authorizationAnswer `json:"authorizations"`
			Refunds        []refundAnswer        `json:"refunds"`
		} `json:"payments"`
	} `json:"purchase_units"`
	Source struct {
		PayPal struct {
			Attributes struct {
				Vault struct {
					ID string `json:"id"`
				} `json:"vault"`
			} `json:"attributes"`
		} `json:"paypal"`
	} `json:"payment_source"`
}

// check is for answers: asked is the order's id, if it is known.
func (a *orderAnswer) check(asked string) error { return checkAnswer(a.ID, string(a.Status), asked) }

func checkAnswer(id, status, asked string) error {
	switch {
	case id == "" || status == "":
		return errors.New("an answer without id or status")
	case asked != "" && id != asked:
		return errors.New("the answer is about another id")
	}
	return nil
}

func (a *orderAnswer) order() Order {
	o := Order{ID: a.ID, Status: a.Status, Intent: a.Intent, ApproveURL: linked(a.Links, "payer-action", "approve"),
		VaultID: a.Source.PayPal.Attributes.Vault.ID, CreatedAt: a.Created.Time, UpdatedAt: a.Updated.Time}
	if a.Status == OrderCompleted || a.Status == OrderVoided {
		o.ApproveURL = ""
	}
	for _, w := range a.PurchaseUnits {
		u := OrderUnit{ReferenceID: w.ReferenceID, CustomID: w.CustomID, InvoiceID: w.InvoiceID,
			Amount: w.Amount.Money, Payee: w.Payee.MerchantID}
		for _, p := range w.Payments.Captures {
			p.Related.IDs.Order = a.ID
			u.Captures = append(u.Captures, p.capture())
		}
		for _, p := range w.Payments.Authorizations {
			p.Related.IDs.Order = a.ID
			u.Authorizations = append(u.Authorizations, p.authorization())
		}
		for _, p := range w.Payments.Refunds {
			u.Refunds = append(u.Refunds, p.refund())
		}
		o.Units = append(o.Units, u)
	}
	return o
}
