package paypal

import (
	"encoding/json"
	"path"
	"time"

	"github.com/openmip/openmip/mip"
)

// CaptureStatus is where a capture stands.
type CaptureStatus string

const (
	CaptureCompleted         CaptureStatus = "COMPLETED"
	CapturePending           CaptureStatus = "PENDING" // not paid yet; see [Capture].Reason
	CaptureDeclined          CaptureStatus = "DECLINED"
	CaptureFailed            CaptureStatus = "FAILED"
	CaptureRefunded          CaptureStatus = "REFUNDED"
	CapturePartiallyRefunded CaptureStatus = "PARTIALLY_REFUNDED"
)

// Capture is money taken, or on its way.
type Capture struct {
	ID        string
	OrderID   string // empty = not said
	Status    CaptureStatus
	Reason    string // of a status: "ECHECK", "PENDING_REVIEW"; may be empty
	Amount    mip.Money
	Fee       mip.Money // PayPal's, taken from the payee; zero value = not said
	Net       mip.Money // what the payee keeps; zero value = not said
	CustomID  string
	InvoiceID string
	CreatedAt time.Time // UTC; zero = not said
	UpdatedAt time.Time // UTC; zero = not said
}

// Paid reports whether the money is with the payee now, nothing refunded.
func (c Capture) Paid() bool { return c.Status == CaptureCompleted }

// RefundStatus is where a refund stands.
type RefundStatus string

const (
	RefundCompleted RefundStatus = "COMPLETED"
	RefundPending   RefundStatus = "PENDING"
	RefundFailed    RefundStatus = "FAILED"
	RefundCancelled RefundStatus = "CANCELLED"
)

// Refund is money given back.
type Refund struct {
	ID        string
	CaptureID string // empty = not said
	Status    RefundStatus
	Reason    string // "ECHECK"; may be empty
	Amount    mip.Money
	CustomID  string
	InvoiceID string
	CreatedAt time.Time // UTC; zero = not said
	UpdatedAt time.Time // UTC; zero = not said
}

// AuthorizationStatus is where an authorization stands.
type AuthorizationStatus string

const (
	AuthorizationCreated           AuthorizationStatus = "CREATED"
	AuthorizationCaptured          AuthorizationStatus = "CAPTURED"
	AuthorizationPartiallyCaptured AuthorizationStatus = "PARTIALLY_CAPTURED"
	AuthorizationDenied            AuthorizationStatus = "DENIED"
	AuthorizationVoided            AuthorizationStatus = "VOIDED"
	AuthorizationPending           AuthorizationStatus = "PENDING"
)

// Authorization is money set aside.
type Authorization struct {
	ID        string
	OrderID   string // empty = not said
	Status    AuthorizationStatus
	Reason    string // "PENDING_REVIEW"; may be empty
	Amount    mip.Money
	CustomID  string
	InvoiceID string
	ExpiresAt time.Time // UTC; zero = not said
	CreatedAt time.Time // UTC; zero = not said
	UpdatedAt time.Time // UTC; zero = not said
}

// stamp is PayPal's time; what is no time is none.
type stamp struct{ time.Time }

func (s *stamp) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			s.Time = at.UTC()
		}
	}
	return nil
}

type paymentAnswer struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	CustomID  string `json:"custom_id"`
	InvoiceID string `json:"invoice_id"`
	Amount    money  `json:"amount"`
	Details   struct {
		Reason string `json:"reason"`
	} `json:"status_details"`
	Related struct {
		IDs struct {
			Order string `json:"order_id"`
		} `json:"related_ids"`
	} `json:"supplementary_data"`
	Created stamp  `json:"create_time"`
	Updated stamp  `json:"update_time"`
	Links   []link `json:"links"`
}

func (a *paymentAnswer) check(asked string) error { return checkAnswer(a.ID, a.Status, asked) }

type captureAnswer struct {
	paymentAnswer
	Breakdown struct {
		Fee money `json:"paypal_fee"`
		Net money `json:"net_amount"`
	} `json:"seller_receivable_breakdown"`
}

func (a captureAnswer) capture() Capture {
	return Capture{ID: a.ID, OrderID: a.Related.IDs.Order, Status: CaptureStatus(a.Status), Reason: a.Details.Reason,
		Amount: a.Amount.Money, Fee: a.Breakdown.Fee.Money, Net: a.Breakdown.Net.Money, CustomID: a.CustomID, InvoiceID: a.InvoiceID,
		CreatedAt: a.Created.Time, UpdatedAt: a.Updated.Time}
}

type refundAnswer struct{ paymentAnswer }

func (a refundAnswer) refund() Refund {
	r := Refund{ID: a.ID, Status: RefundStatus(a.Status), Reason: a.Details.Reason, Amount: a.Amount.Money,
		CustomID: a.CustomID, InvoiceID: a.InvoiceID, CreatedAt: a.Created.Time, UpdatedAt: a.Updated.Time}
	if up := linked(a.Links, "up"); path.Base(path.Dir(up)) == "captures" {
		r.CaptureID = path.Base(up)
	}
	return r
}

type authorizationAnswer struct {
	paymentAnswer
	Expires stamp `json:"expiration_time"`
}

func (a authorizationAnswer) authorization() Authorization {
	return Authorization{ID: a.ID, OrderID: a.Related.IDs.Order, Status: AuthorizationStatus(a.Status), Reason: a.Details.Reason,
		Amount: a.Amount.Money, CustomID: a.CustomID, InvoiceID: a.InvoiceID, ExpiresAt: a.Expires.Time,
		CreatedAt: a.Created.Time, UpdatedAt: a.Updated.Time}
}
