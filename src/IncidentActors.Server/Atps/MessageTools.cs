using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Access;
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
                "Sends a message about an ATP. The answer's messageId names it.")
            {
                KeepsDetails = true,
            },
            typeof(AtpView), SendAsync, CommandAccess.To<MessageSendArguments>(given => [ActorId.Atp(given.AtpId ?? AtpDecider.General)])),
        Tool.Of<MessageAckArguments>(
            new(
                "message_ack",
                "Acknowledge a message",
                "Says that you have taken note of a message that was sent to you; acknowledging a directive may take a row of the ATP's flow.")
            {
                KeepsDetails = true,
            },
            typeof(AtpView), AcknowledgeAsync,
            CommandAccess.To<MessageAckArguments>(given => MessageIds.TryParse(given.MessageId, out var atp, out _) ? [ActorId.Atp(atp)] : [])),
        Tool.Of<HandoffArguments>(
            new("handoff", "Hand an ATP off", "Hands your work on an ATP over: what is done, what is pending, what proves it. All three are needed.")
            {
                KeepsDetails = true,
            },
            typeof(AtpView), HandOffAsync, CommandAccess.To<HandoffArguments>(given => [ActorId.Atp(given.AtpId)])),
    ];

    private static Task<Outcome> SendAsync(ToolCall call, MessageSendArguments given) =>
        (call.Mismatch(given.FromAgent, "fromAgent") ?? WithoutAtp(call, given)) is { } refused
            ? Task.FromResult<Outcome>(refused)
            : AtpTools.DoAsync(
                call.Because(given.Override),
                given.AtpId ?? AtpDecider.General,
                new SendMessage(given.ToAgent, given.MessageType, given.Priority, given.Subject, given.Body, given.RequiresAck));

    /// <summary>A message is about an ATP; the operator's may be about none.</summary>
    private static Rejected? WithoutAtp(ToolCall call, MessageSendArguments given) =>
        given.AtpId is not null || call.Call.By == Handle.Operator || call.Call.Roles?.Contains(Roles.Operator) == true
            ? null
            : Arguments.Missing("atpId", Arguments.Names(ServerJson.Info<MessageSendArguments>()));

    private static Task<Outcome> AcknowledgeAsync(ToolCall call, MessageAckArguments given)
    {
        if (call.Mismatch(given.Agent, "agent") is { } mismatch) return Task.FromResult<Outcome>(mismatch);
        if (!MessageIds.TryParse(given.MessageId, out var atpId, out var number) || !IdText.IsWellFormed(atpId))
            return Task.FromResult<Outcome>(Unknown(given.MessageId));
        var acknowledging = AtpTools.DoAsync(call.Because(given.Override), atpId, new AcknowledgeMessage(number, given.Notes));
        return FreedAsync(call, given.MessageId, acknowledging.WithMessageAsync(given.MessageId));
    }

    /// <summary>Releases the lease of an acknowledged message. The acknowledgement holds even if that fails.</summary>
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

    private static Task<Outcome> HandOffAsync(ToolCall call, HandoffArguments given)
    {
        if (call.Mismatch(given.FromAgent, "fromAgent") is { } mismatch) return Task.FromResult<Outcome>(mismatch);
        var (completed, pending) = (given.CompletedWork, given.PendingWork);
        var details = call.Details;
        if (completed is null)
        {
            completed = Taken(details, DetailNames.Summary, DetailNames.CurrentState);
            details = details.RemoveRange([DetailNames.Summary, DetailNames.CurrentState]);
        }

        if (pending is null) (pending, details) = (Taken(details, DetailNames.NextSteps), details.Remove(DetailNames.NextSteps));
        return AtpTools.DoAsync(
            call.Because(given.Override) with { Details = details },
            given.AtpId,
            new HandOff(given.ToAgent, completed, pending, given.Evidence ?? "", given.Priority));
    }

    /// <summary>What other tools call the sections: <c>summary</c> and <c>currentState</c> say what is done, <c>nextSteps</c> what is pending.</summary>
    private static string Taken(ImmutableSortedDictionary<string, string> details, params IEnumerable<string> names) =>
        string.Join("\n\n", names.Select(name => details.GetValueOrDefault(name)).OfType<string>());

    /// <summary>An acknowledgement names a message, not an ATP.</summary>
    private static async Task<Outcome> WithMessageAsync(this Task<Outcome> command, string messageId) =>
        await command is var outcome && outcome is Rejected { Rule: Rules.AtpUnknown } ? Unknown(messageId) : outcome;

    private static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.MessageUnknown, $"There is no message {id}; fetch the inbox for the ids.");
}
