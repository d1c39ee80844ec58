using IncidentActors.Core.Flows;

namespace IncidentActors.Cli.Drill;

/// <summary>The progress of a drill. It is drawn while it is being written.</summary>
internal sealed class DrillProgress
{
    private readonly Lock gate = new();
    private readonly List<RowTaken> taken = [];
    private string phase = "";

    /// <summary>Called outside of locks when something worth a line has happened.</summary>
    public Action<string>? Said { get; set; }

    public DrillTally Tally { get; } = new();

    /// <summary>Bystanders that the halt has stopped.</summary>
    public int Stopped { get; set; }

    public int Bystanders { get; set; }

    /// <summary>The halt in words, with its id; empty: none.</summary>
    public string Halt { get; set; } = "";

    public string Phase
    {
        get
        {
            lock (gate) return phase;
        }
    }

    public IReadOnlyList<RowTaken> Taken
    {
        get
        {
            lock (gate) return [.. taken];
        }
    }

    public void Say(string what)
    {
        lock (gate) phase = what;
        Said?.Invoke(what);
    }

    public void Take(RowTaken row)
    {
        lock (gate) taken.Add(row);
        Said?.Invoke($"row {row.Row.Number}: {row.Row.From} → {row.Row.To}, {row.Row.Trigger}, by {row.By}{(row.Row.Rollback ? " (rolls back)" : "")}");
    }
}

/// <param name="After">Since the drill began.</param>
internal sealed record RowTaken(FlowRow Row, string By, DateTimeOffset At, TimeSpan After);
