using IncidentActors.Cli.Drill;
using IncidentActors.Testing;

namespace IncidentActors.Server.Tests.Drill;

/// <summary>
/// The server is killed with SIGKILL at random moments of a drill and started again on the same data; the agents go on with the same keys.
/// An acknowledged command is there exactly once, and the drill ends as if nothing had been.
/// </summary>
[Slow]
public sealed class KilledServerTests : IDisposable
{
    /// <summary>Events that ordinary work surely makes before the alarm: the first kill is among them.</summary>
    private const int OrdinaryEvents = 40;

    /// <summary>Events that surely follow the alarm: the second kill is among them, in the emergency, under the halt or after its lift.</summary>
    private const int EmergencyEvents = 60;

    private readonly string folder = Directory.CreateTempSubdirectory("killed-server-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_acknowledged_command_is_there_exactly_once(int seed)
    {
        var random = new Random(seed);
        await using var server = new DrillServer(TestServerProgram.Path, folder);
        await server.StartAsync(CancellationToken.None);
        using var http = new Acknowledgements();
        using var drill = new FireDrill(
            DrillScripts.For("emergency", DateTimeOffset.UtcNow)!, new DrillSettings(5, TimeSpan.Zero), server.Address, http, new DrillProgress());
        var killer = new Killer(server, random.Next(1, OrdinaryEvents), random.Next(1, EmergencyEvents));
        drill.Feed.Happened = killer.Happened;

        var result = await drill.RunAsync(CancellationToken.None);

        await killer.Restarts;
        Assert.Equal(2, killer.Kills);
        Assert.True(result.Passed, $"seed {seed}: {result.Json()}");
        var feed = drill.Feed.Events;
        var checkedFor = 0;
        foreach (var command in http.Acknowledged)
        {
            if (Acknowledgements.Times(command, feed) is not { } times) continue;
            Assert.True(times == 1, $"seed {seed}: {command.Tool} {command.Body} was acknowledged and is there {times} times");
            checkedFor++;
        }

        Assert.True(checkedFor > 30, $"only {checkedFor} commands were acknowledged");
    }

    /// <summary>Kills and restarts the server twice: so many events after the beginning, and so many after the alarm.</summary>
    private sealed class Killer(DrillServer server, int afterBeginning, int afterAlarm)
    {
        private int seen;
        private int sinceAlarm;

        public int Kills { get; private set; }

        public Task Restarts { get; private set; } = Task.CompletedTask;

        public void Happened(DrillEvent one)
        {
            seen++;
            if (sinceAlarm > 0 || one.Is("halt.raised")) sinceAlarm++;
            if (!Restarts.IsCompleted || !(Kills == 0 ? seen >= afterBeginning : Kills == 1 && sinceAlarm >= afterAlarm)) return;
            Kills++;
            Restarts = RestartAsync();
        }

        private async Task RestartAsync()
        {
            await server.KillAsync();
            await server.StartAsync(CancellationToken.None);
        }
    }
}
