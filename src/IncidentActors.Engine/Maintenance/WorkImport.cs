using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Json;
using IncidentActors.Core.Messages;
using IncidentActors.Engine.Journals;

namespace IncidentActors.Engine.Maintenance;

/// <summary>
/// The work of a team that moves here from another tool: ATPs, messages, artifacts and a timeline as lines of JSON, made into events with their
/// own times. It starts no clock and sends no notification. The lines are described in <c>docs/AGENTS.md</c>.
/// </summary>
public sealed class WorkImport(FlowSet flows, Roster roster)
{
    private const string Tool = "import";
    private static readonly string[] Read =
        ["kind", "id", "atpId", "title", "type", "status", "owner", "priority", "createdBy", "createdAt", "updatedAt", "closedAt", "notes"];

    private readonly List<(DateTimeOffset At, string By, ActorId Actor, IEvent Event)> events = [];
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AtpState> atps = new(StringComparer.Ordinal);
    private readonly SortedSet<string> handles = new(StringComparer.Ordinal);

    /// <summary>The lines of a journal that holds the work.</summary>
    /// <exception cref="InvalidOperationException">A line cannot be read; the message has its number.</exception>
    public async IAsyncEnumerable<JournalLine> RunAsync(IAsyncEnumerable<string> lines, [EnumeratorCancellation] CancellationToken cancel)
    {
        var items = new List<JsonElement>();
        var number = 0;
        await foreach (var line in lines.WithCancellation(cancel))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) items.Add(Parse(line, number));
        }

        known.UnionWith(items.Where(item => Text(item, "kind") == "atp").Select(item => Text(item, "id")!));
        foreach (var work in items.GroupBy(item => (Text(item, "kind") == "atp" ? Text(item, "id") : null) ?? Known(Text(item, "atpId"))))
            Add(work.Key, [.. work]);
        foreach (var atp in atps.Values.Where(atp => !atp.Finished).ToList()) Wait(atp);
        var begin = events.Count == 0 ? default : events.Min(one => one.At);
        var agents = handles.Select(handle => (begin, handle, ActorId.Agent(handle), (IEvent)new AgentRegistered(
            handle, roster.RolesOf(handle), roster.Find(handle)?.Team)));
        var all = agents.Concat(events.OrderBy(one => one.At)).ToList();
        await foreach (var line in JournalRebuild.RunAsync(() => Lines(all), cancel)) yield return line;
    }

    private static async IAsyncEnumerable<JournalLine> Lines(List<(DateTimeOffset At, string By, ActorId Actor, IEvent Event)> all)
    {
        var versions = new Dictionary<ActorId, long>();
        foreach (var (at, by, actor, one) in all)
        {
            versions[actor] = versions.GetValueOrDefault(actor) + 1;
            yield return new EventLine(actor, versions[actor], EventTypes.NameOf(one), at, by, EventTypes.Write(one), null, null, null, null);
        }

        await Task.CompletedTask;
    }

    /// <summary>One ATP with everything that is about it, in the order of time.</summary>
    private void Add(string id, List<JsonElement> items)
    {
        var atp = items.FirstOrDefault(item => Text(item, "kind") == "atp");
        var rest = items.Where(item => Text(item, "kind") != "atp").OrderBy(At).ToList();
        var given = atp.ValueKind == JsonValueKind.Object;
        var begun = given ? At(atp) : At(rest[0]);
        if (rest.Count > 0 && At(rest[0]) < begun) begun = At(rest[0]);
        var title = (given ? Text(atp, "title") : null) ?? (id == AtpDecider.General ? "Messages without an ATP" : $"{id} (no record was exported)");
        var by = Handled(given ? Text(atp, "createdBy") : null);
        var type = (given ? Text(atp, "type") : null) ?? "task";
        var flow = flows.Choose(null, null, null, type) is { Urgent: false } chosen ? chosen : flows.Choose(null, null, null);
        var actor = ActorId.Atp(id);
        var state = (AtpState?)null;
        var latest = begun;
        void Record(DateTimeOffset at, string who, IEvent one)
        {
            events.Add((at, who, actor, one));
            if (at > latest) latest = at;
            state = AtpState.Evolve(id, state, new RecordedEvent(one, at, who));
        }

        void Move(DateTimeOffset at, string who, string? status)
        {
            if (status is null || flow.State(status) is not { } to || to.Name == state!.Status || state.Finished) return;
            Record(at, who, new AtpMoved(0, state.Status, to.Name, "Imported", Tool, null, [], Automatic: false));
            if (to.Terminal) Record(at, who, new AtpFinished());
        }

        var priority = given && Text(atp, "priority") is { } word && Priorities.TryParse(word, out var read) ? read : flow.Priority;
        var owner = given && Text(atp, "owner") is { } named ? Handled(named) : null;
        Record(begun, by, new AtpCreated(
            title, type, flow.Name, flow.Version, priority, Urgent: false, null, null, owner, given ? Text(atp, "notes") : null, null, [], []));
        Record(begun, by, new AtpMoved(1, "(new)", flow.InitialState, "Imported", Tool, null, [], Automatic: false));
        var details = given
            ? atp.EnumerateObject().Where(one => !Read.Contains(one.Name)).ToImmutableSortedDictionary(one => one.Name, one => JsonText.Of(one.Value))
            : null;
        if (details is { IsEmpty: false }) Record(begun, by, new AtpDetailed(details));
        foreach (var item in rest) One(item, state!, Record, Move);
        if (given && Text(atp, "status") is { } last) Move(Time(atp, "closedAt", "updatedAt") ?? state!.History[^1].At, owner ?? by, last);
        foreach (var open in state!.Finished ? state.OpenMessages.Keys.ToList() : [])
            Record(latest, Handle.System, new MessageWithdrawn(open, $"{id} is {state.Status}"));
        atps[id] = state;
    }

    /// <summary>The ATP of the id; an id that is known in another spelling only is that one.</summary>
    private string Known(string? id) =>
        id is null ? AtpDecider.General
        : known.Contains(id) ? id
        : AtpIds.Writings(id).FirstOrDefault(known.Contains) ?? id;

    /// <summary>What the ATP waits for, after everything else.</summary>
    private void Wait(AtpState atp)
    {
        var end = events.Max(one => one.At);
        var open = AtpDependencies.Named(atp).Where(id => !atps.TryGetValue(id, out var other) || !other.Finished).ToImmutableArray();
        if (open.IsEmpty) return;
        events.Add((end, Handle.System, atp.Actor, new AtpWaits(open)));
        foreach (var id in open.Where(atps.ContainsKey)) events.Add((end, Handle.System, ActorId.Atp(id), new AtpAwaited(atp.Id)));
    }

    private void One(JsonElement item, AtpState state, Action<DateTimeOffset, string, IEvent> happen, Action<DateTimeOffset, string, string?> move)
    {
        var at = At(item);
        var by = Handled(Text(item, "from", "fromAgent", "by", "agent"));
        switch (Text(item, "kind"))
        {
            case "message":
                var name = Text(item, "type", "messageType") ?? "StatusUpdate";
                var type = MessageTypes.TryParse(name, out var known) ? known : MessageType.StatusUpdate;
                var priority = Priorities.TryParse(Text(item, "priority") ?? "", out var read) ? read : state.Priority;
                var body = (Text(item, "body") ?? "") + (MessageTypes.TryParse(name, out _) ? "" : $"\n\n**messageType:** {name}");
                var number = events.Count(one => one.Actor == state.Actor && one.Event is MessageSent) + 1;
                happen(at, by, new MessageSent(
                    number, by, Handled(Text(item, "to", "toAgent")), type, priority, Text(item, "subject") ?? name, body, MessageTypes.Of(type).Answer, null));
                if (Time(item, "ackedAt") is not null) happen(at, Handled(Text(item, "to", "toAgent")), new MessageAcknowledged(number, null));
                break;
            case "artifact":
                var content = Text(item, "content") ?? "";
                var count = events.Count(one => one.Actor == state.Actor && one.Event is AtpArtifactAdded) + 1;
                happen(at, by, new AtpArtifactAdded(
                    $"art-{state.Id}-{count}", Text(item, "type", "artifactType") ?? "Document", Text(item, "title") ?? "Document", content,
                    Text(item, "outcome"), "store", Markdown.FilledSections(content), []));
                break;
            case "event" when Text(item, "status") is { } status:
                move(at, by, status);
                break;
            case "event" when Text(item, "text", "notes", "description") is { } text:
                happen(at, by, new AtpNoted(text));
                break;
        }
    }

    private string Handled(string? text)
    {
        var handle = text is null ? Handle.System : Handle.Normalize(text.Replace(' ', '-'));
        if (!Handle.IsReserved(handle)) handles.Add(handle);
        return handle;
    }

    private static DateTimeOffset At(JsonElement item) => Time(item, "at", "createdAt", "timestamp", "sentAt")!.Value;

    private static DateTimeOffset? Time(JsonElement item, params ReadOnlySpan<string> names) =>
        Text(item, names) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUniversalTime()
            : null;

    private static string? Text(JsonElement item, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (item.TryGetProperty(name, out var value) && value.ToString() is { Length: > 0 } text) return text;
        }

        return null;
    }

    private static JsonElement Parse(string line, int number)
    {
        try
        {
            var item = JsonElement.Parse(line);
            if (item.ValueKind != JsonValueKind.Object || Text(item, "kind") is not ("atp" or "message" or "artifact" or "event"))
                throw new JsonException("it is not an object with the kind atp, message, artifact or event");
            if (Time(item, "at", "createdAt", "timestamp", "sentAt") is null) throw new JsonException("it has no time in at or createdAt");
            return Text(item, "kind") == "atp" && Text(item, "id") is null ? throw new JsonException("the ATP has no id") : item;
        }
        catch (JsonException error)
        {
            throw new InvalidOperationException($"Line {number} cannot be imported: {error.Message}", error);
        }
    }
}
