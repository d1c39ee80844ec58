using System.Text.Json;
using IncidentActors.Cli.Http;

namespace IncidentActors.Cli.Drill;

/// <summary>Everything that the server says happened, in the order of its journal, followed live from the beginning.</summary>
internal sealed class DrillFeed(ServerClient server, Func<TimeSpan, CancellationToken, Task> pause)
{
    private readonly List<DrillEvent> events = [];
    private readonly List<(Func<DrillEvent, bool> Wanted, TaskCompletionSource Seen)> waiting = [];
    private string? ended;

    /// <summary>Called with every event, before its waiters continue.</summary>
    public Action<DrillEvent>? Happened { get; set; }

    public IReadOnlyList<DrillEvent> Events
    {
        get
        {
            lock (events) return [.. events];
        }
    }

    public async Task FollowAsync(CancellationToken cancel)
    {
        var stream = new EventStream(server, pause);
        await foreach (var one in stream.ReadAsync("/api/events", null, cancel)) Add(new DrillEvent(one.Json));
        lock (events)
        {
            ended = stream.Refusal is { } refusal ? DrillFailedException.Of("GET /api/events", refusal).Message : "The feed ended.";
            foreach (var one in waiting) one.Seen.TrySetException(new DrillFailedException(ended));
        }
    }

    /// <summary>Returns when such an event has been seen, now or earlier.</summary>
    public Task SeenAsync(Func<DrillEvent, bool> wanted, CancellationToken cancel)
    {
        lock (events)
        {
            if (events.Any(wanted)) return Task.CompletedTask;
            if (ended is not null) throw new DrillFailedException(ended);
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((wanted, seen));
            return seen.Task.WaitAsync(cancel);
        }
    }

    private void Add(DrillEvent one)
    {
        lock (events) events.Add(one);
        Happened?.Invoke(one);
        lock (events)
        {
            foreach (var (wanted, seen) in waiting)
            {
                if (wanted(one)) seen.TrySetResult();
            }

            waiting.RemoveAll(entry => entry.Seen.Task.IsCompleted);
        }
    }
}

/// <summary>An event of the feed, as far as the drill looks at it.</summary>
internal sealed class DrillEvent(JsonElement json)
{
    public string Name { get; } = json.Text("name") ?? "";

    /// <summary><c>atp/AT-…</c>.</summary>
    public string Actor { get; } = json.Text("actor") ?? "";
    public DateTimeOffset At { get; } = json.GetProperty("at").GetDateTimeOffset();
    public string By { get; } = json.Text("by") ?? "";
    public JsonElement Data { get; } = json.Part("data") ?? default;

    public bool Is(string name) => Name.StartsWith(name + ".", StringComparison.Ordinal) || Name == name;
}
