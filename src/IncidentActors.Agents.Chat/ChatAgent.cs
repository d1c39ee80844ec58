using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Messages;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace IncidentActors.Agents.Chat;

/// <summary>
/// An agent that lets a model work on each message, with the tools of the journal as functions. The model's last answer becomes the notes of the
/// acknowledgement. The transcript becomes an artifact of the ATP.
/// </summary>
public abstract class ChatAgent(IChatClient model, IOptionsMonitor<ChatAgentOptions> options) : HostedAgent
{
    private const int MaxNotesLength = 1000;

    private readonly Dictionary<string, ChatRecord> records = [];

    /// <summary>What the model is told first: its role, and how it works.</summary>
    protected abstract string Instructions { get; }

    /// <summary>The functions of a turn.</summary>
    /// <param name="journal">Tools of the journal, with the names and descriptions that they have over MCP. The journal decides by the roles of the
    /// agent's token what they may do.</param>
    protected virtual IEnumerable<AIFunction> FunctionsFor(AgentTurn turn, IReadOnlyList<AIFunction> journal) => journal;

    /// <exception cref="ChatBudgetException">The budget is used up: the message was escalated, and comes again without a call of the model.</exception>
    protected sealed override async Task OnMessageAsync(MessageView message, AgentTurn turn)
    {
        if (!records.TryGetValue(message.Id, out var record)) records[message.Id] = record = new ChatRecord();
        await using var functions = new JournalFunctions(turn, () => KeepAsync(turn, record));
        var conversation = new Conversation(model, options.CurrentValue, turn, record, [.. FunctionsFor(turn, functions.All)]);
        string answer;
        try
        {
            answer = await conversation.RunAsync(Instructions, functions);
        }
        catch (ChatBudgetException spent)
        {
            await KeepAsync(turn, record);
            await EscalateAsync(turn, spent.Message);
            throw;
        }

        if (!functions.HasEndedTurn)
        {
            await KeepAsync(turn, record);
            if (FilledText.IsFilled(answer)) await turn.AcknowledgeAsync(Shortened.To(answer.Trim(), MaxNotesLength), turn.Halted);
        }

        records.Remove(message.Id);
    }

    /// <summary>Adds what the transcript has got since the last time to the ATP.</summary>
    private static async Task KeepAsync(AgentTurn turn, ChatRecord record)
    {
        if (record.Pending is not { } text) return;
        var title = $"Transcript of {turn.Message.Id}";
        var result = await turn.Atp.DoAsync(new CreateArtifact("ChatTranscript", title, text), cancel: turn.Halted);
        if (result.Refusal is { Rule: not Rules.AtpClosed } refusal) throw Refused(title, refusal);
        record.Kept();
    }

    /// <summary>Not to the sender: writing back to it would settle the message.</summary>
    private async Task EscalateAsync(AgentTurn turn, string reason)
    {
        var to = Core.Agents.Handle.Normalize(options.CurrentValue.EscalateTo);
        if (to == Handle || to == turn.Message.From) to = Core.Agents.Handle.Operator;
        var escalation = new SendMessage(to, MessageType.Escalation, turn.Message.Priority, $"{turn.Message.Id} is not handled", reason);
        if (await turn.Atp.DoAsync(escalation, cancel: turn.Halted) is { Refusal: { } refusal }) throw Refused(escalation.Subject, refusal);
    }

    private static InvalidOperationException Refused(string what, Rejected refusal) =>
        new($"'{what}' was refused by {refusal.Rule}: {refusal.Sentence}");
}
