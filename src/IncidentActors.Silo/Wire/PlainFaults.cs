using IncidentActors.Engine.Journals;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Silo.Wire;

/// <summary>
/// What leaves a grain is understood by every caller: a store that cannot be reached is an answer like any other, and no exception
/// of a driver crosses the wire, where its type may be unknown.
/// </summary>
internal sealed partial class PlainFaults(ILogger<PlainFaults> log) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (JournalUnavailableException error)
        {
            context.Result = Refusals.Of(context, error.Sentence, error.NotApplied) ?? throw new JournalUnavailableException(error.Sentence, error.NotApplied);
        }
        catch (Exception error) when (!IsPlain(error))
        {
            LogFault(log, context.InterfaceName, context.MethodName, error);
            throw new InvalidOperationException($"{error.GetType().Name}: {error.Message}");
        }
    }

    private static bool IsPlain(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is JournalUnavailableException) continue;
            var assembly = error.GetType().Assembly;
            if (assembly != typeof(object).Assembly && assembly != typeof(GrainId).Assembly) return false;
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Interface}.{Method} failed")]
    private static partial void LogFault(ILogger log, string @interface, string method, Exception error);
}
