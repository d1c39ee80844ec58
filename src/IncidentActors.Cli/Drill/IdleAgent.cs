using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using IncidentActors.Cli.Http;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;

namespace IncidentActors.Cli.Drill;

/// <summary>
/// An agent with ordinary work: takes its ATPs up one after the other and notes its steps in a loop, until a halt refuses a step. Then it
/// looks at its inbox, keeps the refused command with its key, and after the lift takes its work up again in the order in which it is found.
/// </summary>
internal sealed class IdleAgent(DrillAgent agent, int pieces, DrillTally tally)
{
    private readonly TaskCompletionSource busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource halted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> atps = [];
    private (JsonObject Body, string Key)? refused;
    private int steps;

    public string Handle => agent.Handle;

    /// <summary>Its ATPs in the order in which it took them up.</summary>
    public IReadOnlyList<string> Atps => atps;

    /// <summary>Text of the step that the halt refused, or null.</summary>
    public string? RefusedStep => (string?)refused?.Body["notes"];

    /// <summary>Work that was set aside, as the inbox said under the halt.</summary>
    public IReadOnlyList<string> SetAside { get; private set; } = [];

    /// <summary>Work that was found again, as the inbox said after the lift.</summary>
    public IReadOnlyList<string> Resumed { get; private set; } = [];

    public Task Busy => busy.Task;
    public Task Halted => halted.Task;

    /// <summary>Works until a halt stops it or <paramref name="enough"/> is canceled; the first steps are made in any case.</summary>
    public async Task WorkAsync(CancellationToken enough, CancellationToken cancel)
    {
        try
        {
            Accepted(await agent.InboxAsync(cancel), "inbox");
            for (var piece = 1; piece <= pieces; piece++)
            {
                var created = Accepted(
                    await agent.ToolAsync("atp_create", cancel, ("title", $"Ordinary work {piece} of {Handle}"), ("owner", Handle)),
                    "atp_create");
                var id = created.Read<AtpView>().Id;
                atps.Add(id);
                Accepted(await agent.ToolAsync("atp_change_status", cancel, ("atpId", id), ("status", "InProgress")), "atp_change_status");
            }

            while (await StepAsync(cancel))
            {
                if (steps >= 2) busy.TrySetResult();
                if (enough.IsCancellationRequested) return;
            }

            var inbox = Accepted(await agent.InboxAsync(cancel), "inbox").Read<InboxView>();
            SetAside = [.. inbox.SetAside.Select(work => work.Id)];
            halted.TrySetResult();
        }
        catch (Exception error)
        {
            busy.TrySetException(error);
            halted.TrySetException(error);
            throw;
        }
    }

    /// <summary>Under the halt: sends the refused step again; it must be refused again.</summary>
    public async Task ResendRefusedStepAsync(CancellationToken cancel)
    {
        if (refused is { } step)
            Count(await agent.PostAsync("/api/tools/atp_set", step.Body, step.Key, cancel), "a step under the halt", HttpStatusCode.Locked);
    }

    /// <summary>After the lift: finds its work again, sends the refused step with its old key, and completes everything.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        Resumed = Accepted(await agent.InboxAsync(cancel), "inbox").Read<InboxView>().Resumed;
        if (refused is { } step) Accepted(await agent.PostAsync("/api/tools/atp_set", step.Body, step.Key, cancel), "the refused step after the lift");
        await CompleteAsync(cancel);
    }

    public async Task CompleteAsync(CancellationToken cancel)
    {
        foreach (var id in atps)
            Accepted(await agent.ToolAsync("atp_change_status", cancel, ("atpId", id), ("status", "Complete")), "atp_change_status");
    }

    /// <summary>Sends one command. True if it was committed, false if a halt refused it.</summary>
    private async Task<bool> StepAsync(CancellationToken cancel)
    {
        var body = JsonParts.Body(
            ("atpId", atps[steps % atps.Count]), ("notes", string.Create(CultureInfo.InvariantCulture, $"step {++steps} of {Handle}")));
        var key = agent.NextKey();
        var answer = await agent.PostAsync("/api/tools/atp_set", body, key, cancel);
        if (answer.Status == HttpStatusCode.Locked) refused = (body, key);
        Count(answer, "a step", HttpStatusCode.OK, HttpStatusCode.Locked);
        return answer.Ok;
    }

    private ServerAnswer Accepted(ServerAnswer answer, string what) =>
        answer.Ok ? Count(answer, what) : throw DrillFailedException.Of($"{what} of {Handle}", answer);

    private ServerAnswer Count(ServerAnswer answer, string what, params ReadOnlySpan<HttpStatusCode> expected)
    {
        if (answer.Status == HttpStatusCode.Locked) tally.Refuse();
        else if (answer.Ok) tally.Commit();
        return expected.IsEmpty || (answer.Status is { } status && expected.Contains(status))
            ? answer
            : throw DrillFailedException.Of($"{what} of {Handle}", answer);
    }
}

/// <summary>Counts the agents' calls by outcome.</summary>
internal sealed class DrillTally
{
    private int committed;
    private int refusals;

    public int Committed => Volatile.Read(ref committed);

    /// <summary>Answers with 423.</summary>
    public int Refusals => Volatile.Read(ref refusals);

    public void Commit() => Interlocked.Increment(ref committed);

    public void Refuse() => Interlocked.Increment(ref refusals);
}
