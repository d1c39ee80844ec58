namespace IncidentActors.Engine.Access;

/// <summary>Limits the log lines that refused callers can cause: 60 a minute.</summary>
public sealed class LineBudget(TimeProvider time)
{
    private const int MaxLinesPerMinute = 60;

    private readonly Lock counting = new();
    private DateTimeOffset minute;
    private int lines;

    public bool Take()
    {
        lock (counting)
        {
            var now = time.GetUtcNow();
            if (now - minute >= TimeSpan.FromMinutes(1)) (minute, lines) = (now, 0);
            return ++lines <= MaxLinesPerMinute;
        }
    }
}
