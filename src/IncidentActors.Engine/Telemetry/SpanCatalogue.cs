using System.Collections.Immutable;

namespace IncidentActors.Engine.Telemetry;

/// <summary>A kind of span. Where a name ends in <c>…</c>, the state that was reached follows.</summary>
public sealed record SpanKind(string Name, string Meaning, string Under);

/// <summary>Every kind of span, once; the table of <c>docs/TELEMETRY.md</c>.</summary>
public static class SpanCatalogue
{
    /// <summary>The activity source's name.</summary>
    public const string Source = "IncidentActors";

    public static readonly SpanKind Declare = new(
        "incident.declare",
        "From the detection to the commit that declared the incident.", "root of the incident's trace");
    public static readonly SpanKind Acknowledge = new("incident.acknowledge", "From the declaration to the acknowledgement.", "incident.declare");
    public static readonly SpanKind Transition = new(
        "incident.transition …",
        "How long the incident was in the status that it has left.", "incident.declare");
    public static readonly SpanKind AtpTransition = new(
        "incident.atp.transition …",
        "How long the ATP was in the state that it has left.", "incident.declare");
    public static readonly SpanKind Message = new(
        "incident.message.acknowledge",
        "From the sending of a message that asks for it to its acknowledgement.", "incident.declare");
    public static readonly SpanKind Approval = new(
        "incident.approval",
        "From the question to the answer; linked to the spans of the asker and the answerer.", "incident.declare");
    public static readonly SpanKind Escalate = new("incident.escalate", "A time ran out and the next step of the escalation was notified.", "incident.declare");
    public static readonly SpanKind HaltRaise = new(
        "incident.halt.raise",
        "From the command that raised the halt to its commit.", "incident.declare, or root of a halt without an incident");
    public static readonly SpanKind HaltFence = new(
        "incident.halt.fence",
        "The commit behind which no covered turn can be committed.", "incident.halt.raise");
    public static readonly SpanKind HaltConfirm = new(
        "incident.halt.confirm",
        "From the command that raised the halt to the moment when no covered turn was in flight on the node.", "incident.halt.raise, one per node");
    public static readonly SpanKind HaltLift = new("incident.halt.lift", "How long the halt was active.", "incident.halt.raise");
    public static readonly SpanKind HaltPermit = new(
        "incident.halt.permit",
        "From the grant of a permit that the halt has ended to the report that its action is over.", "incident.halt.raise");
    public static readonly SpanKind Deliver = new("incident.deliver", "One attempt to deliver an event to a webhook.", "incident.declare");
    public static readonly SpanKind Tool = new("execute_tool …", "One use of a tool.", "the request's span, which is under the caller's own");
    public static readonly SpanKind Commit = new("incident.commit", "From a turn's decision to its result from the store.", "the span of the grain call");
    public static readonly SpanKind GroupCommit = new(
        "incident.commit.group",
        "One group commit in the store; linked to the other turns in it.", "incident.commit of its first turn that is traced");

    public static readonly ImmutableArray<SpanKind> All =
        [Declare, Acknowledge, Transition, AtpTransition, Message, Approval, Escalate, HaltRaise, HaltFence, HaltConfirm, HaltLift, HaltPermit, Deliver, Tool,
            Commit, GroupCommit];

    /// <summary>The name with the state reached in the place of <c>…</c>.</summary>
    public static string With(this SpanKind kind, string state) => string.Concat(kind.Name.AsSpan(0, kind.Name.Length - 1), state);
}
