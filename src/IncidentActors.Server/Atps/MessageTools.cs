using System.Collections.Immutable;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;
using IncidentActors.Server.Json;
using IncidentActors.Server.Tools;

namespace IncidentActors.Server.Atps;

/// <summary>The tools of messages: they belong to an ATP, so the answer is the ATP, with the message's id.</summary>
internal static class MessageTools
{
    public static readonly ImmutableArray<Tool> All =
    [
        Tool.Of<MessageSendArguments>(
            new(
                "message_send",
                "Send a message",
                "Sends a directive, notification, handoff, escalation, decision, rejection or blocker about an ATP. The answer's messageId names it."),
            typeof(AtpView), SendAsync),
        Tool.Of<MessageAckArguments>(
            new(
                "message_ack",
                "Acknowledge a message",
                "Says that you have taken note of a message that was sent to you; acknowledging a directive may take a row of the ATP's flow."),
            typeof(AtpView), AcknowledgeAsync),
        Tool.Of<HandoffArguments>(
            new("handoff", "Hand an ATP off", "Hands your work on an ATP over: what is done, what is pending, what proves it. All three are needed."),
            typeof(AtpView), HandOffAsync),
    ];

    private static Task<Outcome> SendAsync(ToolCall call, MessageSendArguments given) =>
        call.Mismatch(given.FromAgent, "fromAgent") is { } mismatch
            ? Task.FromResult<Outcome>(mismatch)
            : AtpTools.DoAsync(
                call.Because(given.Override),
                given.AtpId,
                new SendMessage(given.ToAgent, given.MessageType, given.Priority, given.Subject, given.Body, given.RequiresAck));

    private static Task<Outcome> AcknowledgeAsync(ToolCall call, MessageAckArguments given)
    {
        if (call.Mismatch(given.Agent, "agent") is { } mismatch) return Task.FromResult<Outcome>(mismatch);
        if (!MessageIds.TryParse(given.MessageId, out var atpId, out var number) || !IdText.IsWellFormed(atpId))
            return Task.FromResult<Outcome>(Unknown(given.MessageId));
        var acknowledging = AtpTools.DoAsync(call.Because(given.Override), atpId, new AcknowledgeMessage(number, given.Notes));
        return FreedAsync(call, given.MessageId, acknowledging.WithMessageAsync(given.MessageId));
    }

    /// <summary>What is acknowledged need not be kept from other sessions any more. It is acknowledged whatever becomes of the lease.</summary>
    private static async Task<Outcome> FreedAsync(ToolCall call, string messageId, Task<Outcome> acknowledging)
    {
        var outcome = await acknowledging;
        if (outcome is not Accepted || call.Call.Session.Length == 0) return outcome;
        try
        {
            await call.Engine.Leases.DropAsync(call.Call.By, messageId, CancellationToken.None);
        }
        catch (JournalUnavailableException error)
        {
            call.Engine.Log.LeaseKept(call.Call.By, messageId, error.Message);
        }

        return outcome;
    }

    private static Task<Outcome> HandOffAsync(ToolCall call, HandoffArguments given) =>
        call.Mismatch(given.FromAgent, "fromAgent") is { } mismatch
            ? Task.FromResult<Outcome>(mismatch)
            : AtpTools.DoAsync(
                call.Because(given.Override),
                given.AtpId,
                new HandOff(given.ToAgent, given.CompletedWork ?? "", given.PendingWork ?? "", given.Evidence ?? "", given.Priority));

    /// <summary>Whoever acknowledges asks for a message, not for an ATP.</summary>
    private static async Task<Outcome> WithMessageAsync(this Task<Outcome> command, string messageId) =>
        await command is var outcome && outcome is Rejected { Rule: Rules.AtpUnknown } ? Unknown(messageId) : outcome;

    private static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.MessageUnknown, $"There is no message {id}; fetch the inbox for the ids.");
}
