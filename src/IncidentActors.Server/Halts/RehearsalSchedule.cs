using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Journals;
using IncidentActors.Server.Hosting;

namespace IncidentActors.Server.Halts;

/// <summary>Rehearses halting when the last rehearsal that passed, on any node, is older than the interval.</summary>
internal sealed partial class RehearsalSchedule(RunningEngine engine, TimeSpan interval) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval < TimeSpan.FromMinutes(1) ? interval : TimeSpan.FromMinutes(1), engine.Options.Time);
        do
        {
            try
            {
                var last = await Rehearsal.LastAsync(engine.Records, stoppingToken);
                if (last is not null && engine.Options.Time.GetUtcNow() - last.At < interval) continue;
                var nonce = Rehearsal.NewNonce();
                var call = new Call { At = default, Seed = "", By = Handle.System };
                var outcome = await new Rehearsal(engine).RunAsync(nonce, $"@canary-{nonce}", call);
                if (outcome is not Accepted { Answer: var answer } || !answer.GetProperty("passed").GetBoolean()) LogFailed(engine.Log, nonce);
            }
            catch (JournalUnavailableException error)
            {
                LogUnavailable(engine.Log, error.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The rehearsal {Nonce} of a halt did not pass: a path did not stop")]
    private static partial void LogFailed(ILogger log, string nonce);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No rehearsal of a halt, the journal cannot be reached: {Sentence}")]
    private static partial void LogUnavailable(ILogger log, string sentence);
}
