using System.Collections.Immutable;
using System.Diagnostics;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Benchmarks.Pages;

/// <summary>A busy day: many open incidents and ATPs, then commands at a steady rate, each with an event at least.</summary>
internal sealed class SteadyLoad(RunningEngine engine)
{
    public const int Incidents = 500;
    public const int Atps = 10_000;
    public const int PerSecond = 200;

    private const int AtOnce = 64;
    private static readonly string[] Handles = ["@pm", "@dev", "@sre", "@qa"];

    private readonly List<string> incidents = [];
    private readonly List<string> atps = [];
    private int sent;

    public IReadOnlyList<string> IncidentIds => incidents;

    /// <summary>Commands that were accepted since <see cref="RunAsync"/> began.</summary>
    public int Sent => Volatile.Read(ref sent);

    public async Task FillAsync()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Incidents), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var declare = new DeclareIncident(
                $"Service {number} answers slowly",
                (Severity)(2 + number % 3),
                IncidentCategory.Availability,
                "Seen by the probe.",
                Labels: ImmutableSortedDictionary<string, string>.Empty.Add("service", $"service-{number}"),
                DedupKey: $"day-{number}");
            var id = Id(await engine.Declarations.DeclareAsync(declare, By("@pm")));
            lock (incidents) incidents.Add(id);
        });
        var own = Atps - Incidents;
        await Parallel.ForEachAsync(Enumerable.Range(0, own), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var create = new CreateAtp(
                $"Task {number}",
                Flow: "standard",
                IncidentId: incidents[number % Incidents],
                Notes: "Look into it.",
                Owner: Handles[number % Handles.Length]);
            var id = Id(await engine.Creations.CreateAsync(create, By(Handles[number % Handles.Length])));
            lock (atps) atps.Add(id);
        });
    }

    /// <summary>Until it is canceled. Open loop: what is late is made up for.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var began = Stopwatch.GetTimestamp();
        var (number, running) = (0, new List<Task>());
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                running.RemoveAll(task => task.IsCompletedSuccessfully);
                for (var due = Stopwatch.GetElapsedTime(began).TotalSeconds * PerSecond; number < due;) running.Add(OneAsync(++number));
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }

        await Task.WhenAll(running);
    }

    public async Task NoteAsync(string incident, string text) => Accepted(await engine.Actors.Incident(incident).DoAsync(new NoteIncident(text), By("@pm")));

    private async Task OneAsync(int number)
    {
        if (number % 2 == 0)
            await NoteAsync(incidents[number % incidents.Count], $"Measured again: {number}");
        else
            Accepted(await engine.Actors.Atp(atps[number % atps.Count]).DoAsync(new SetAtp(Notes: $"Progress {number}"), By("@operator")));
        Interlocked.Increment(ref sent);
    }

    private static Call By(string handle) => new() { At = default, Seed = "", By = handle };

    private static string Id(Outcome outcome) => Accepted(outcome).Answer.GetProperty("id").GetString()!;

    private static Accepted Accepted(Outcome outcome) => outcome as Accepted ?? throw new InvalidOperationException(outcome.ToString());
}
