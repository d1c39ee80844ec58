using System.Globalization;
using System.Runtime.CompilerServices;

namespace IncidentActors.Testing;

/// <summary>Waits until a condition holds. A test waits for what must happen, never for a time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan IdleDeadline = TimeSpan.FromSeconds(60);
    private const double MaxFactor = 6;

    /// <summary>The longest <see cref="Deadline"/>: for clients and settings that take their timeout before the machine becomes busy.</summary>
    public static readonly TimeSpan LongestDeadline = IdleDeadline * MaxFactor;

    /// <summary>60 s on an idle machine; longer by as much as the machine has more runnable tasks than cores.</summary>
    public static TimeSpan Deadline => Scaled(IdleDeadline);

    /// <summary>A time that is right on an idle machine, longer by as much as the machine has more runnable tasks than cores.</summary>
    public static TimeSpan Scaled(TimeSpan idle) => idle * Math.Clamp(Load() / Environment.ProcessorCount, 1, MaxFactor);

    /// <summary>Looks until the condition holds. An exception of the condition fails the test at once.</summary>
    /// <param name="what">Completes "… did not happen within 60 s"; the condition's source if absent.</param>
    /// <exception cref="TimeoutException">The condition did not hold within <see cref="Deadline"/>, measured when it is exceeded.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var began = TimeProvider.System.GetTimestamp();
        using var look = new PeriodicTimer(Interval);
        while (!await condition())
        {
            if (Exceeded(began) is { } took) throw new TimeoutException($"{what} did not happen within {took.TotalSeconds:0} s");
            await look.WaitForNextTickAsync();
        }
    }

    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string)"/>
    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>Looks until there is a value, and returns it.</summary>
    /// <inheritdoc cref="TrueAsync(Func{Task{bool}}, string)"/>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await look()) is not null, what);
        return found!;
    }

    /// <summary>Ends with the task, or fails after <see cref="Deadline"/>.</summary>
    /// <exception cref="TimeoutException">The task has not ended.</exception>
    public static async Task EndsAsync(this Task task, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted)
        {
            if (Exceeded(began) is { } took) throw new TimeoutException($"{what} did not happen within {took.TotalSeconds:0} s");
            await Task.WhenAny(task, RealTimeAsync(TimeSpan.FromSeconds(1)));
        }

        await task;
    }

    /// <inheritdoc cref="EndsAsync(Task, string)"/>
    public static async Task<T> EndsAsync<T>(this Task<T> task, string what)
    {
        await EndsAsync((Task)task, what);
        return await task;
    }

    /// <summary>For faults that are defined by their length, in processes whose clock no test moves.</summary>
    public static async Task RealTimeAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    private static TimeSpan? Exceeded(long began)
    {
        var took = TimeProvider.System.GetElapsedTime(began);
        return took > IdleDeadline && took > Deadline ? took : null;
    }

    /// <summary>Runnable tasks, averaged over one minute; 0 where the system does not say.</summary>
    private static double Load() => File.Exists("/proc/loadavg")
        ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture)
        : 0;
}
