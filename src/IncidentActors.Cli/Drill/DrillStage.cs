using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Cli.Drill;

/// <summary>The context of a running script: its agents, and the ids that its calls refer to.</summary>
internal sealed class DrillStage(Func<string, ServerClient> connect, DrillTally tally) : IDisposable
{
    private readonly ConcurrentDictionary<string, DrillAgent> agents = new();

    public string Incident { get; private set; } = "";
    public string Atp { get; private set; } = "";

    /// <summary>The halt that the beginning raised, or null.</summary>
    public string? Halt { get; private set; }

    public DrillAgent Agent(string handle) => agents.GetOrAdd(handle, name => new DrillAgent(name, connect(name)));

    /// <summary>Sends the first call of the script, and keeps the ids of the incident, ATP and halt that it created.</summary>
    public async Task BeginAsync(DrillCall start, CancellationToken cancel)
    {
        var answer = (await PlayAsync(start, cancel)).Json();
        Incident = answer.List("incidents").Select(one => one.Text("id")).FirstOrDefault() ?? answer.Text("incidentId")
            ?? (answer.Part("atps") is null ? null : answer.Text("id"))
            ?? throw new DrillFailedException($"POST {start.Path} declared no incident: {answer}");
        var incident = await IncidentAsync(cancel);
        (Atp, Halt) = (incident.Atps[0], incident.Halts.FirstOrDefault());
    }

    /// <summary>Fills in and makes a call; anything but a success ends the drill.</summary>
    public async Task<ServerAnswer> PlayAsync(DrillCall call, CancellationToken cancel)
    {
        var path = await FillAsync(call.Path, call.Agent, cancel);
        var body = new JsonObject();
        foreach (var (name, value) in call.Body)
        {
            body[name] = value is JsonValue text && text.TryGetValue<string>(out var given)
                ? await FillAsync(given, call.Agent, cancel)
                : value?.DeepClone();
        }

        var answer = await Agent(call.Agent).PostAsync(path, body, cancel);
        if (!answer.Ok) throw DrillFailedException.Of($"{call.Agent}: POST {path}", answer);
        tally.Commit();
        return answer;
    }

    public async Task<AtpView> AtpAsync(string id, CancellationToken cancel) => (await ReadAsync($"/api/atps/{id}", cancel)).Read<AtpView>();

    public async Task<IncidentView> IncidentAsync(CancellationToken cancel) => (await ReadAsync($"/api/incidents/{Incident}", cancel)).Read<IncidentView>();

    /// <summary>Sends a GET as @operator.</summary>
    public async Task<ServerAnswer> ReadAsync(string path, CancellationToken cancel)
    {
        var answer = await Agent(Handle.Operator).GetAsync(path, cancel);
        return answer.Ok ? answer : throw DrillFailedException.Of($"GET {path}", answer);
    }

    public async Task<IReadOnlyList<MessageView>> InboxAsync(string handle, CancellationToken cancel)
    {
        var answer = await Agent(handle).InboxAsync(cancel);
        return answer.Ok ? answer.Read<InboxView>().Messages : throw DrillFailedException.Of($"the inbox of {handle}", answer);
    }

    private async Task<string> FillAsync(string text, string caller, CancellationToken cancel)
    {
        if (!text.Contains('{', StringComparison.Ordinal)) return text;
        text = text.Replace("{atp}", Atp, StringComparison.Ordinal).Replace("{incident}", Incident, StringComparison.Ordinal);
        if (text.Contains("{followUp}", StringComparison.Ordinal))
            text = text.Replace("{followUp}", string.Join(", ", (await AtpAsync(Atp, cancel)).FollowUps.Select(one => one.AtpId)), StringComparison.Ordinal);
        if (text.Contains("{directive}", StringComparison.Ordinal))
            text = text.Replace("{directive}", await DirectiveAsync(caller, cancel), StringComparison.Ordinal);
        if (text.Contains("{approval}", StringComparison.Ordinal))
            text = text.Replace("{approval}", await ApprovalAsync(cancel), StringComparison.Ordinal);
        return text;
    }

    private async Task<string> DirectiveAsync(string handle, CancellationToken cancel) =>
        (await InboxAsync(handle, cancel)).LastOrDefault(message => message.AtpId == Atp && message is { RequiresAck: true, AckedAt: null })?.Id
        ?? throw new DrillFailedException($"The inbox of {handle} holds no directive of {Atp} to acknowledge.");

    private async Task<string> ApprovalAsync(CancellationToken cancel) =>
        (await AtpAsync(Atp, cancel)).Approvals.LastOrDefault(approval => approval.Status == AtpApprovalStatus.Open)?.Id
        ?? throw new DrillFailedException($"{Atp} waits for no approval.");

    public void Dispose()
    {
        foreach (var agent in agents.Values) agent.Dispose();
    }
}
