using System.Globalization;

namespace IncidentActors.Server.Hosting;

/// <summary>
/// A clock that runs faster than the real one, to try rules of hours and days in minutes. It belongs to a data folder: where it stood is kept
/// there, so that it never goes back when the server starts again, also with another speed.
/// </summary>
internal sealed class TrialClock : TimeProvider
{
    /// <summary>In the data folder; its lines are a real time, the trial's time then, and the speed since.</summary>
    public const string FileName = "trial-clock";

    /// <summary>Timers of shorter periods would keep a processor busy.</summary>
    private static readonly TimeSpan MinPeriod = TimeSpan.FromMilliseconds(20);

    private readonly string file;
    private readonly DateTimeOffset real = System.GetUtcNow();
    private readonly DateTimeOffset shown;

    private TrialClock(string file, double speed)
    {
        this.file = file;
        Speed = speed;
        shown = File.Exists(file) ? Now(File.ReadAllLines(file)) : real;
    }

    public double Speed { get; }

    /// <summary>The clock that the options ask for; null for the real clock.</summary>
    /// <exception cref="StartFailure">The journal is not one of the trial's own, or it was written by a trial's clock and none is asked for.</exception>
    public static TrialClock? Of(ServerOptions options)
    {
        var file = Path.Combine(options.Data, FileName);
        if (options.ClockSpeed is not { } speed)
        {
            return options.Journal is null && File.Exists(file)
                ? throw Refused($"The data in {options.Data} was written with --clock-speed. Start it with --clock-speed, or name another folder with --data.")
                : null;
        }

        if (options.Journal is not null) throw Refused("--clock-speed needs SQLite: other servers on --journal use the real clock. Leave --journal out.");
        if (options.Probes.Sites.Count > 0) throw Refused("--clock-speed would probe the sites of --probe that many times more often. Leave one of them out.");
        if (Path.GetFullPath(options.Data) == Path.GetFullPath(new ServerOptions().Data))
            throw Refused("--clock-speed needs a folder of its own: name one with --data, such as --data ./trial.");
        if (!File.Exists(file) && Directory.Exists(options.Data) && Directory.EnumerateFileSystemEntries(options.Data).Any())
            throw Refused($"{options.Data} is not empty, and its times are real. --clock-speed needs a folder of its own: name a new one with --data.");
        return new TrialClock(file, speed);
    }

    /// <summary>Keeps where the clock stands; after the journal was opened, which no other server has then.</summary>
    public void Keep() => File.WriteAllLines(file, [real.ToString("O"), shown.ToString("O"), Speed.ToString("R", CultureInfo.InvariantCulture)]);

    public override DateTimeOffset GetUtcNow() => At(real, shown, Speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(this, System.CreateTimer(callback, state, Real(dueTime), Real(period)));

    private static DateTimeOffset At(DateTimeOffset real, DateTimeOffset shown, double speed) => shown + ((System.GetUtcNow() - real) * speed);

    private static DateTimeOffset Now(string[] kept) => At(Time(kept[0]), Time(kept[1]), double.Parse(kept[2], CultureInfo.InvariantCulture));

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture);

    /// <summary>Zero and <see cref="Timeout.InfiniteTimeSpan"/> stay what they are.</summary>
    private TimeSpan Real(TimeSpan time)
    {
        if (time <= MinPeriod) return time;
        var real = time / Speed;
        return real < MinPeriod ? MinPeriod : real;
    }

    private static StartFailure Refused(string sentence) => new(ExitCode.Arguments, sentence);

    private sealed class Timer(TrialClock clock, ITimer real) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => real.Change(clock.Real(dueTime), clock.Real(period));
        public void Dispose() => real.Dispose();
        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
