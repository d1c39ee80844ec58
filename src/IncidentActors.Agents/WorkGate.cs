using IncidentActors.Client;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Agents;

/// <summary>
/// What one agent does on this silo: its turn, ticks of its timers, writes of its state. Halts cancel it, and are acknowledged when all that they
/// cover has ended.
/// </summary>
/// <param name="quieted">Called when the work has ended for which <see cref="IsQuiet"/> was false.</param>
internal sealed class WorkGate(string handle, IncidentClient journal, Action quieted)
{
    private readonly Lock changing = new();
    private readonly List<OpenWork> open = [];
    private bool quietAwaited;

    /// <summary>True if no running work is covered by a known halt.</summary>
    public bool IsQuiet
    {
        get
        {
            lock (changing) return !(quietAwaited = open.Exists(work => work.IsHalted));
        }
    }

    public bool IsIdle
    {
        get
        {
            lock (changing) return open.Count == 0;
        }
    }

    /// <summary>Begins work on a message, without a look at the halts; dispose it when the work is over.</summary>
    /// <param name="stopping">Also ends the work.</param>
    public OpenWork Enter(MessageView? message, CancellationToken stopping)
    {
        var work = new OpenWork(message, stopping, Leave);
        lock (changing) open.Add(work);
        return work;
    }

    /// <summary>Begins a state write or a timer tick, unless a halt covers it.
    /// It belongs to the running turn, or to the agent's ordinary work.</summary>
    /// <exception cref="HaltedException">A halt covers it.</exception>
    public async Task<OpenWork> BeginAsync(CancellationToken cancel)
    {
        MessageView? message;
        lock (changing) message = open.Find(work => work.Message is not null)?.Message;

        // Entered before the look, so that a halt is not acknowledged between the look and the work.
        var work = Enter(message, cancel);
        try
        {
            var inbox = await journal.PeekInboxAsync(cancel);
            Learn(inbox);
            if (!work.IsHalted) return work;
            throw new HaltedException(handle, [.. inbox.Halts.Select(halt => halt.Id)]);
        }
        catch
        {
            work.Dispose();
            throw;
        }
    }

    /// <summary>Cancels all running work that a halt now covers.</summary>
    public void Learn(InboxView inbox)
    {
        List<OpenWork> covered;
        lock (changing) covered = open.FindAll(work => Covers(inbox, work.Message));
        foreach (var work in covered) work.Halt();
    }

    /// <summary>Whether a halt covers the agent's work.</summary>
    /// <param name="message">The message that the work is for; null: ordinary work, which a halt of one of the agent's ATPs covers too.</param>
    public static bool Covers(InboxView inbox, MessageView? message)
    {
        if (message is null) return !inbox.Halts.IsEmpty;
        if (inbox.Messages.FirstOrDefault(one => one.Id == message.Id) is { } waiting) return waiting.Held;
        return inbox.SetAside.Any(atp => atp.Id == message.AtpId) || (!inbox.Halts.IsEmpty && inbox.Work.All(atp => atp.Id != message.AtpId));
    }

    private void Leave(OpenWork work)
    {
        bool tell;
        lock (changing)
        {
            open.Remove(work);
            tell = quietAwaited && !open.Exists(other => other.IsHalted);
            if (tell) quietAwaited = false;
        }

        if (tell) quieted();
    }
}

/// <summary>Work that is going on.</summary>
internal sealed class OpenWork(MessageView? message, CancellationToken stopping, Action<OpenWork> leave) : IDisposable
{
    private readonly CancellationTokenSource halted = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public MessageView? Message => message;

    /// <summary>Cancelled when a halt covers the work, or the silo stops.</summary>
    public CancellationToken Halted => halted.Token;

    public bool IsHalted { get; private set; }

    public void Halt()
    {
        IsHalted = true;
        halted.Cancel();
    }

    /// <summary>The token stays readable: what the work has left behind may still look at it.</summary>
    public void Dispose() => leave(this);
}
