package mip

// The finding codes that the state machine, the engine and adapters use
// themselves. The standard rules define theirs in package mip/rules; both
// lists stand in one table in the documentation, generated from the code.
const (
	CodeUnreadable        = "order.unreadable"                // the channel's order could not be read; see its path
	CodeChecking          = "order.checking"                  // being checked again; the result replaces this
	CodeChangedAfter      = "order.changed_after_submission"  // the channel changed it too late
	CodeChangedBefore     = "order.changed_before_submission" // it changed between check and submission; checked again
	CodeEditConflict      = "order.edit_conflict"             // the channel changed what a person had edited
	CodePaymentWithdrawn  = "order.payment_withdrawn"         // the channel no longer calls it paid
	CodeClosedByChannel   = "order.closed_by_channel"         // the channel calls it done before it was bought
	CodeDuplicate         = "order.duplicate_suspected"       // another one is of the same goods, to the same address
	CodePartlyShipped     = "order.partly_shipped"            // pieces of it left before anything was bought here
	CodeReinstated        = "order.reinstated"                // cancelled, and now wanted again
	CodeAlreadyExists     = "order.already_exists"            // the supplier has this reference with other content
	CodeShipByPassed      = "order.ship_by_passed"            // the channel's latest dispatch has passed, and it has not left
	CodeNothingToBuy      = "order.nothing_to_buy"            // no line of it is ours, or none is left
	CodeCancelLate        = "cancel.after_submission"         // cancelled after it was bought
	CodeOutcomeUnknown    = "supplier.outcome_unknown"        // nobody can tell whether it was bought
	CodeTemporary         = "supplier.temporary_error"        // refused for now, several times
	CodeUnavailable       = "supplier.unavailable"            // the supplier cannot be reached
	CodeUnauthorized      = "account.unauthorized"            // our credentials or permissions are wrong
	CodeRefused           = "supplier.refused"                // a refusal with no code of its own
	CodeSupplierCancelled = "supplier.cancelled"              // the supplier cancelled a placement
	CodeMissing           = "supplier.missing"                // the supplier does not show what was bought
	CodePartial           = "supplier.partly_placed"          // some lines are bought, these are not
	CodeAwaitingPayment   = "payment.awaiting_person"         // created, a person must pay
	CodePaymentPending    = "payment.pending"                 // begun; waits for a person's approval, or for time
	CodePaymentEnded      = "payment.ended"                   // begun and came to nothing; tried anew
	CodePaymentOverdue    = "payment.overdue"                 // created, and not paid by the deadline
	CodeCostMore          = "price.above_approved"            // it cost more than was checked and approved
	CodePaymentUnsettled  = "payment.unsettled"               // an earlier attempt's payment is not given back, or not closed, yet
	CodeRefundFailed      = "payment.refund_failed"           // money could not be given back; a person must ask for it
	CodeUnderpaid         = "payment.underpaid"               // bought, and less is paid for it than it cost
	CodePaymentInvalid    = "payment.method_invalid"          // the supplier or the method itself will not pay this way
	CodeInvoiceMissing    = "export.invoice_required"         // the supplier waits for the sale invoice
	CodeInsufficientFunds = "wallet.insufficient_funds"
	CodeLimitExceeded     = "payment.limit_exceeded" // more than may be spent by the methods that may pay
	CodeNotMatched        = "manual.not_matched"     // marked manually sent, not found at the supplier yet
	CodePartlyMatched     = "manual.partly_matched"  // marked manually sent, and only a part is found
	CodeManualUndone      = "manual.undone"          // "manually sent" was taken back
	CodeManualUnclear     = "manual.unclear"         // likewise, and the supplier cannot tell whether it was sent
	CodeReportRefused     = "channel.report_refused" // the channel will not take our news
	CodeGaveUp            = "engine.gave_up"         // too many tries; see params
)

// sticky lists the findings that no check can clear: somebody must act, or
// the channel must say otherwise. Checking again keeps them.
var sticky = []string{
	CodePaymentWithdrawn, CodeClosedByChannel, CodeReinstated, CodeAlreadyExists,
	CodeOutcomeUnknown, CodeSupplierCancelled, CodePartial, CodeManualUndone, CodeGaveUp,
	CodePaymentOverdue,
}

// lasting lists the notices that stay until something removes them. All other
// notices come from a check, and the next check says them again or not.
var lasting = []string{
	CodeEditConflict, CodeChangedAfter, CodePaymentWithdrawn, CodeCancelLate,
	CodeAwaitingPayment, CodeRefundFailed, CodeUnderpaid, CodeNotMatched, CodePartlyMatched, CodeReportRefused, CodeGaveUp,
	CodeMissing, CodeCostMore, CodeShipByPassed,
}
