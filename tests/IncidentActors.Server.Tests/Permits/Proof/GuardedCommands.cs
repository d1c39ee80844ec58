using System.Collections.Concurrent;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Permits.Proof;

/// <summary>Real guards with commands that are deaf to SIGTERM. A guard that has ended is started again, until it is over.</summary>
internal sealed class GuardedCommands(IReadOnlyList<Uri> addresses)
{
    private const string Seconds = "6";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BeforeAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (int Process, DateTimeOffset? GoneAt)> commands = new();
    private readonly GuardProcess?[] guards = new GuardProcess?[addresses.Count];

    public static string Agent(int number) => $"@g{number}";

    /// <summary>The guards that run, or seem to.</summary>
    public IReadOnlyList<GuardProcess> Guards => [.. guards.OfType<GuardProcess>()];

    /// <summary>All that were ever started.</summary>
    public IReadOnlyList<PermitHistory.GuardedCommand> Commands =>
        [.. commands.Select(one => new PermitHistory.GuardedCommand(one.Key, one.Value.Process, one.Value.GoneAt))];

    public bool AnyAlive => commands.Values.Any(command => command.GoneAt is null);

    public Task RunAsync(CancellationToken over) =>
        Task.WhenAll(Enumerable.Range(0, addresses.Count).Select(number => Task.Run(() => GuardAsync(number, over))).Append(WatchAsync(over)));

    private async Task GuardAsync(int number, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            using var guard = GuardProcess.Start(
                addresses[number], Agent(number), GuardProcess.Stubborn, "--action", "shell", "--seconds", Seconds, "--grace", "1");
            guards[number] = guard;
            if (await guard.StartedAsync() is var (process, permit)) commands[permit] = (process, null);
            await guard.ExitedAsync();
            guards[number] = null;
            await Eventually.RealTimeAsync(BeforeAgain);
        }
    }

    /// <summary>Notices when a command is gone.</summary>
    private async Task WatchAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var (permit, (process, gone)) in commands)
            {
                if (gone is null && !GuardProcess.IsAlive(process)) commands[permit] = (process, DateTimeOffset.UtcNow);
            }

            await Eventually.RealTimeAsync(Interval);
        }
    }
}
